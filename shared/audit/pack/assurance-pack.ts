import { asExportMonth } from '../../exports/layout';
import { readManifest } from '../../exports/published-months';
import type { PackedMonth, PackRequest } from './pack-sources';
import { fingerprintsCsv, inputFilesCsv, ledgerCsv, publishedCsv, qualityCsv, stepsCsv } from './pack-tables';
import { type Sample, sampleRows } from './sampled-rows';
import { repetition, statement } from './statement';

/** The files of an assurance pack by name, and the rows that were drawn. */
export interface AssurancePack {
  readonly files: ReadonlyMap<string, string>;
  readonly sample: Sample;
}

/**
 * Returns what a verifier asks for: statement, ledger, quality of the data, files with hashes, sampled rows with their
 * explanation, and how to repeat the check. Nothing is written.
 */
export async function assurancePack(request: PackRequest): Promise<AssurancePack> {
  const months = await packedMonths(request);
  const sample = await sampleRows(request, months);
  return {
    sample,
    files: new Map([
      ['statement.md', statement(request, months, sample)],
      ['how-to-repeat.md', repetition(request, sample)],
      ['ledger.csv', ledgerCsv(months)],
      ['ledger-steps.csv', stepsCsv(months)],
      ['data-quality.csv', qualityCsv(months)],
      ['published-files.csv', publishedCsv(months)],
      ['input-fingerprints.csv', fingerprintsCsv(months)],
      ['input-files.csv', await inputFilesCsv(request.inputs)],
      ['sampled-rows.json', `${JSON.stringify(sample, undefined, 1)}\n`],
    ]),
  };
}

async function packedMonths({ verification, exports }: PackRequest): Promise<PackedMonth[]> {
  const months: PackedMonth[] = [];
  for (const verified of verification.months) {
    const at = asExportMonth(verified.month, verified.modelVersion);
    const manifest = await readManifest(exports, verification.exportName, at);
    if (manifest !== undefined) months.push({ verified, manifest });
  }
  return months;
}
