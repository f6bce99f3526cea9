import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asModelVersionId } from '../../shared/base/model-version-id';
import { asMonth } from '../../shared/base/month';
import { severeWarnings } from '../../shared/base/warning';
import { manifestKey, stateKey } from '../../shared/exports/layout';
import { EstateFolder } from '../support/estate-folder';
import { monthlyEstate } from '../support/estates/monthly-estate';
import { EXPORT_NAME } from '../support/export-name';
import { readManifest } from '../support/export-reader';
import { filesOfMonth } from '../support/folder-contents';
import { carbonExports, runCommand, runEstate } from '../support/run-command';
import { scratch } from '../support/scratch';

/*
 * Warnings reach a person: those that change numbers always, the others as counts.
 */

const folder = scratch();

/** The tiny estate without the electricity of January, which makes the month's Scope 2 0. */
function withoutElectricity(): EstateFolder {
  const estate = EstateFolder.of(monthlyEstate(), join(folder(), 'inputs'));
  const lines = estate.read('electricity.csv').split('\n');
  estate.write('electricity.csv', lines.filter((line) => !line.includes('2025-01')).join('\n'));
  return estate;
}

const MISSING =
  'electricity: found no row of the month for sites whose clusters have racks (s1), expected one or more per site; their Scope 2 counts as 0';

describe('a site without the electricity of its month', () => {
  test('is printed by run, whose month and report end "published with warnings"', async () => {
    const estate = withoutElectricity();
    const out = folder();
    const { code, stdout } = await runCommand(estate.path, out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/2025-01 +v2\.0\.0 +published with warnings/);
    expect(stdout).toContain(`Warning (changes numbers), 2025-01: ${MISSING}`);
    expect(stdout.match(/Warning \(/g)).toHaveLength(1);
    expect(await runEstate(estate.path, out)).toMatchObject({
      status: 'published with warnings',
      outcomes: { '2025-01': { warnings: [{ code: 'electricity-missing', count: 1 }] } },
    });
  });

  test('is printed again by a run that has nothing to do', async () => {
    const estate = withoutElectricity();
    const out = folder();
    await runCommand(estate.path, out);
    const { stdout } = await runCommand(estate.path, out);
    expect(stdout).toMatch(/2025-01 +v2\.0\.0 +unchanged/);
    expect(stdout).toContain(`Warning (changes numbers), 2025-01: ${MISSING}`);
  });

  test('is printed by validate', async () => {
    const { code, stdout } = await carbonExports('validate', '--inputs', withoutElectricity().path);
    expect(code).toBe(0);
    expect(stdout).toContain('2025-01 v2.0.0: valid with warnings\n');
    expect(stdout).toContain(MISSING);
  });

  test('is in the manifest with severity, code and count, and as a text for earlier readers', async () => {
    const out = folder();
    await runEstate(withoutElectricity().path, out);
    const manifest = readManifest({ out, exportName: EXPORT_NAME, month: '2025-01', modelVersion: 'v2.0.0' });
    expect(severeWarnings(manifest.warningDetails)).toEqual([
      { severity: 'changes-numbers', code: 'electricity-missing', count: 1, message: MISSING },
    ]);
    expect(manifest.warnings).toContain(MISSING);
  });

  test('with --strict fails the month, of which nothing is published', async () => {
    const estate = withoutElectricity();
    const out = folder();
    const run = await runEstate(estate.path, out, '--strict');
    expect(run).toMatchObject({ code: 1, status: 'failed' });
    expect(run.outcomes['2025-01']?.status).toBe('failed');
    expect(run.outcomes['2025-01']?.error).toContain(MISSING);
    expect(filesOfMonth(out, '2025-01')).toEqual({});
    expect(readdirSync(join(out, EXPORT_NAME, 'data'))).not.toEqual([]);
    const valid = await carbonExports('validate', '--inputs', estate.path, '--strict');
    expect(valid.code).toBe(1);
    expect(valid.stdout).toContain(MISSING);
  });

  test('with --strict fails also where the month was published before', async () => {
    const estate = withoutElectricity();
    const out = folder();
    await runEstate(estate.path, out);
    const published = filesOfMonth(out, '2025-01');
    const run = await runEstate(estate.path, out, '--strict');
    expect(run.outcomes['2025-01']?.status).toBe('failed');
    expect(filesOfMonth(out, '2025-01')).toEqual(published);
  });

  test('with --strict fails also where an earlier release published the month without severities', async () => {
    const estate = withoutElectricity();
    const out = folder();
    await runEstate(estate.path, out);
    const at = {
      exportName: EXPORT_NAME,
      month: asMonth('2025-01'),
      modelVersion: asModelVersionId('v2.0.0'),
    };
    const exports = new EstateFolder(out);
    for (const file of [manifestKey(at.exportName, at), stateKey(at.exportName, at)]) {
      const record = JSON.parse(exports.read(file)) as Record<string, unknown>;
      delete record['warningDetails'];
      delete record['warnings'];
      exports.write(file, JSON.stringify(file.includes('Manifest') ? { ...record, warnings: [] } : record));
    }
    const run = await runEstate(estate.path, out, '--strict');
    expect(run.outcomes['2025-01']?.status).toBe('failed');
  });

  test('changes the emissions by more than 30 % without a change in usage, which is a warning with its cause', async () => {
    const { outcomes } = await runEstate(withoutElectricity().path, folder(), '--model', 'v2.0.0');
    const [change] = (outcomes['2025-01']?.warnings ?? []).filter(({ code }) => code === 'emissions-changed');
    expect(change?.severity).toBe('worth-a-look');
    expect(change?.message).toMatch(
      /^market-based emissions changed by -\d+ % against 2024-12 .* while usage changed by at most 0 %; cause: Scope 2 of the clusters changed from \S+ to \S+ MTCO2e \(see electricity-missing\)$/,
    );
  });
});

test('warnings that repeat are one line with counts, and --verbose lists them all', async () => {
  const services = Array.from({ length: 105 }, (_, index) => `S${String(index).padStart(3, '0')}`);
  const estate = EstateFolder.of(monthlyEstate(['2025-01']), join(folder(), 'inputs'));
  estate.append('services.csv', ...services.map((code) => `${code},Service ${code},physical`));
  estate.append(
    'rack_use/usage_period=2025-01/rack_use-part-1.csv',
    ...services.map((code) => `r1,${code},0.0001`),
  );
  const out = folder();
  const short = await runCommand(estate.path, out);
  expect(short.code).toBe(0);
  expect(short.stdout).toMatch(
    /Other warnings: .*105 for the record \(service-unclaimed 105\).*--verbose lists them/,
  );
  const long = await runCommand(estate.path, out, '--verbose');
  expect(long.stdout).toContain(
    'Warning (for the record), 2025-01: services with emissions and without usage: S000 in c1, S001 in c1, S002 in c1, S003 in c1, S004 in c1 and 100 more',
  );
  const { warningDetails = [] } = readManifest({
    out,
    exportName: EXPORT_NAME,
    month: '2025-01',
    modelVersion: 'v2.0.0',
  });
  expect(warningDetails.find(({ code }) => code === 'service-unclaimed')?.items).toHaveLength(105);
});
