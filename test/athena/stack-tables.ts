import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { parseSettings } from '../../infra/settings';
import { createStacks } from '../../infra/stacks';
import { Deployment } from '../aws/deployment';

/** A table or view as a template declares it: a TableInput of CloudFormation, references resolved. */
export interface StackTable {
  readonly Name: string;
  readonly Parameters: Readonly<Record<string, string>>;
}

/** A named query as a template declares it. */
export interface StackQuery {
  readonly Name: string;
  readonly QueryString: string;
}

/** The catalog of a deployment. */
export interface StackCatalog {
  readonly database: string;
  /** In the order in which they are created. */
  readonly tables: readonly StackTable[];
  readonly queries: readonly StackQuery[];
}

const { context: FLAGS } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

/**
 * The catalog that a deployment with these settings makes, read from its synthesized templates.
 *
 * @param bucket stands for every bucket of the stacks
 */
export function stackCatalog(settings: Readonly<Record<string, unknown>>, bucket: string): StackCatalog {
  const outdir = mkdtempSync(join(tmpdir(), 'carbon-synth-'));
  try {
    // Functions are not built: nothing of them is looked at.
    const app = new App({ outdir, context: { ...FLAGS, 'aws:cdk:bundling-stacks': [] } });
    createStacks(app, parseSettings(settings));
    app.synth();
    const deployment = new Deployment(outdir, () => bucket);
    const tables = deployment
      .resources('AWS::Glue::Table')
      .map(({ properties }) => properties as { DatabaseName: string; TableInput: StackTable });
    const [first] = tables;
    if (first === undefined) throw new Error('the stacks declare no table');
    const queries = deployment.resources('AWS::Athena::NamedQuery').map(({ properties }) => properties);
    return {
      database: first.DatabaseName,
      tables: tables.map(({ TableInput: table }) => table),
      queries: queries as unknown as StackQuery[],
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
