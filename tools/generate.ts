/*
 * `npm run generate`: writes what is made from the schemas in the code, so that no table of settings is written twice.
 * With `-- --check` it compares the files with the schemas, as test/tools/generated.test.ts does.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { columnsDocument } from './columns-document';
import { commandDocument } from './command-document';
import { publishedSchemas } from './published-schemas';
import { settingsDocument } from './settings-document';
import { settingsProps } from './settings-props';

const ROOT = join(__dirname, '..');

/** Returns every generated file by its path in the repository. */
async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const texts: [string, string][] = [
    ['infra/settings-props.ts', settingsProps()],
    ['docs/reference/settings.md', settingsDocument()],
    ['docs/reference/command.md', await commandDocument()],
    ['docs/reference/columns.md', columnsDocument()],
    ...[...publishedSchemas()].map(([name, schema]): [string, string] => [
      `schemas/${name}.schema.json`,
      JSON.stringify(schema),
    ]),
  ];
  const files = await Promise.all(
    texts.map(async ([path, text]) => {
      const options = await resolveConfig(join(ROOT, path));
      return [path, await format(text, { ...options, filepath: path })] as const;
    }),
  );
  return new Map(files);
}

async function write(): Promise<void> {
  for (const [path, text] of await generatedFiles()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}

/** Names the files that are not what they would be. */
async function check(): Promise<void> {
  const files = [...(await generatedFiles())];
  const old = files.filter(([path, text]) => readFileSync(join(ROOT, path), 'utf8') !== text);
  for (const [path] of old)
    console.error(`${path}: found other text than the schemas say; run npm run generate`);
  console.log(`${String(files.length)} files checked`);
  process.exitCode = old.length > 0 ? 1 : 0;
}

if (process.argv[2] === '--check') void check();
else void write();
