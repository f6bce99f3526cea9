import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const suppressedCheck = z.object({ id: z.string(), comment: z.string() });

const resource = z.object({
  Type: z.string(),
  DeletionPolicy: z.string().default('Delete'),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resource),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
});

type Template = z.infer<typeof templateSchema>;

/** A resource of the templates with its references resolved. */
export interface DeployedResource {
  readonly id: string;
  readonly properties: Record<string, unknown>;
  /** What CloudFormation does with the resource when the stack is deleted. */
  readonly deletionPolicy: string;
}

/** A function as the templates declare it. */
export interface DeployedFunction {
  /** Folder of the bundled code. */
  readonly assetDir: string;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** The resources that `cdk deploy` would create, read from synthesized templates. */
export class Deployment {
  private readonly templates: readonly Template[];

  constructor(
    private readonly outDir: string,
    /** Returns the name that replaces a reference to a resource. */
    private readonly physicalName: (type: string, logicalId: string) => string,
  ) {
    this.templates = readdirSync(outDir)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => templateSchema.parse(JSON.parse(readFileSync(join(outDir, file), 'utf8'))));
  }

  /** Returns all resources of a type. */
  resources(type: string): DeployedResource[] {
    return this.templates.flatMap(({ Resources }) =>
      Object.entries(Resources)
        .filter(([, { Type }]) => Type === type)
        .map(([id, { Properties, DeletionPolicy }]) => ({
          id,
          properties: this.resolve(Properties) as Record<string, unknown>,
          deletionPolicy: DeletionPolicy,
        })),
    );
  }

  /** Returns the outputs that no other stack imports, by name. */
  outputs(): ReadonlyMap<string, unknown> {
    return new Map(
      this.templates.flatMap(({ Outputs }) =>
        Object.entries(Outputs).flatMap(([name, { Value, Export }]) =>
          Export === undefined ? [[name, this.resolve(Value)] as const] : [],
        ),
      ),
    );
  }

  /** Returns the type of every resource by its logical id. */
  types(): ReadonlyMap<string, string> {
    return new Map(
      this.templates.flatMap(({ Resources }) =>
        Object.entries(Resources).map(([id, { Type }]) => [id, Type] as const),
      ),
    );
  }

  /** Returns the findings of checkov that the templates suppress. */
  suppressedChecks(): z.infer<typeof suppressedCheck>[] {
    return this.templates.flatMap(({ Resources }) =>
      Object.values(Resources).flatMap(({ Metadata: { checkov } }) =>
        checkov === undefined ? [] : z.object({ skip: z.array(suppressedCheck) }).parse(checkov).skip,
      ),
    );
  }

  /** Returns the function with this logical id. */
  function(logicalId: string): DeployedFunction {
    const found = this.find(logicalId);
    const properties = this.resolve(found.Properties) as {
      MemorySize: number;
      Environment: { Variables: Record<string, string> };
    };
    return {
      assetDir: join(this.outDir, String(found.Metadata['aws:asset:path'])),
      memoryMb: properties.MemorySize,
      environment: properties.Environment.Variables,
    };
  }

  /** Returns the definition of the state machine, with the functions' logical ids in place of their ARNs. */
  definition(): unknown {
    const [stateMachine] = this.resources('AWS::StepFunctions::StateMachine');
    return JSON.parse(String(stateMachine?.properties.DefinitionString));
  }

  private find(logicalId: string): z.infer<typeof resource> {
    const found = this.templates.flatMap(({ Resources }) => Resources[logicalId] ?? [])[0];
    if (found === undefined) throw new Error(`no resource ${logicalId}`);
    return found;
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const record = value as Record<string, unknown>;
    const [[key = '', argument] = []] = Object.entries(record);
    if (key === 'Ref') return this.resolveRef(String(argument));
    if (key === 'Fn::ImportValue') return this.resolveImport(String(argument));
    if (key === 'Fn::GetAtt' && Array.isArray(argument)) {
      const id = String(argument[0]);
      return this.find(id).Type === 'AWS::Lambda::Function' ? id : this.resolveRef(id);
    }
    if (key === 'Fn::Join' && Array.isArray(argument)) {
      return (argument[1] as unknown[]).map((part) => String(this.resolve(part))).join(String(argument[0]));
    }
    return Object.fromEntries(Object.entries(record).map(([name, member]) => [name, this.resolve(member)]));
  }

  private resolveRef(id: string): string {
    if (id === 'AWS::AccountId') return '123456789012';
    if (id === 'AWS::Region') return 'us-east-1';
    if (id.startsWith('AWS::')) return 'aws';
    return this.physicalName(this.find(id).Type, id);
  }

  private resolveImport(name: string): unknown {
    const output = this.templates
      .flatMap(({ Outputs }) => Object.values(Outputs))
      .find(({ Export }) => Export?.Name === name);
    if (output === undefined) throw new Error(`nothing exports ${name}`);
    return this.resolve(output.Value);
  }
}

/** Returns the size of all files of a folder, bytes. */
export function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
