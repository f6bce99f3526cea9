import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assurancePack } from '../shared/audit/pack/assurance-pack';
import type { PackRequest } from '../shared/audit/pack/pack-sources';
import type { SampledRow } from '../shared/audit/pack/sampled-rows';
import { CarbonError } from '../shared/base/carbon-error';
import { explanationTree } from './explanation-tree';

/** @throws CarbonError of kind usage when the folder of a pack has files: an old pack must not be mixed with a new one */
export async function assertPackFolder(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new CarbonError('usage', `--pack ${folder}: found a file, expected a new or empty folder`);
  });
  if (found.length === 0) return;
  throw new CarbonError(
    'usage',
    `--pack ${folder}: found ${String(found.length)} files, expected a new or empty folder`,
  );
}

/** Writes an assurance pack into a folder, with the SHA-256 of each of its files in SHA256SUMS. */
export async function writePack(folder: string, request: PackRequest): Promise<void> {
  const { files, sample } = await assurancePack(request);
  const all = new Map([...files, ['sampled-rows.txt', sample.rows.map(rowInWords).join('\n')]]);
  await mkdir(folder, { recursive: true });
  const sums: string[] = [];
  for (const [name, content] of all) {
    await writeFile(join(folder, name), content);
    sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
  }
  await writeFile(join(folder, 'SHA256SUMS'), sums.join(''));
}

function rowInWords({
  month,
  modelVersion,
  accountId,
  regionCode,
  productCode,
  categories,
  notExplained,
}: SampledRow): string {
  const heading = `Account ${accountId}, ${regionCode}, ${productCode} in ${month}, ${modelVersion}`;
  const trees = categories.flatMap(({ category, rows }) =>
    rows.flatMap(({ path, source }) => [
      `${category}, by racks and services:`,
      explanationTree(path),
      `${category}, by sources:`,
      explanationTree(source),
    ]),
  );
  return [
    heading,
    '='.repeat(heading.length),
    ...(notExplained === undefined ? trees : [`not explained: ${notExplained}`]),
    '',
  ].join('\n');
}
