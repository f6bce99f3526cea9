import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAwsEstate } from '../sample/aws-estate';
import { SAMPLE_AS_OF, sampleFolder } from '../sample/sample-folder';
import { type Manifest, parseManifest } from '../shared/exports/manifest';
import { billCsv, curRow, estateWithoutUsage, FOCUS_BILL, focusRow } from './support/bills';
import { carbonExports } from './support/run-command';
import { scratch } from './support/scratch';

/*
 * What is published changes only by decision: SHA-256 of every data file, the fingerprint of every
 * month and SHA-256 of every manifest. An intended change is recorded with `npm test -- pins -u` and is listed under
 * "Numbers" in the changelog.
 */

const folder = scratch();

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** A manifest without times and without the words of its warnings, which may be improved: their kinds and counts stay. */
function pinned(manifest: Manifest): string {
  const { asOf, metadataAsOf, warnings, warningDetails = [], ...rest } = manifest;
  expect(warningDetails.map(({ message }) => message)).toEqual(warnings);
  expect([asOf, metadataAsOf].every((instant) => instant === '' || !Number.isNaN(Date.parse(instant)))).toBe(
    true,
  );
  const kinds = warningDetails.map(({ severity, code, count }) => [severity, code, count]);
  return sha256(JSON.stringify({ ...rest, warnings: kinds }));
}

/** By manifest: the data file, the fingerprint and the manifest. */
function pinsOf(out: string): Record<string, readonly string[]> {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).sort();
  const pins: Record<string, readonly string[]> = {};
  for (const name of names.filter((each) => each.endsWith('-Manifest.json'))) {
    const manifest = parseManifest(readFileSync(join(out, name), 'utf8'));
    if (manifest === undefined) throw new Error(`${name} is not a manifest`);
    const file = sha256(readFileSync(join(out, manifest.file.key)));
    pins[name.replace(/^.*metadata\//, '')] = [file, manifest.fingerprint, pinned(manifest)];
  }
  return pins;
}

async function run(inputs: string, asOf: string, ...options: readonly string[]): Promise<string> {
  const out = folder();
  const places = ['--inputs', inputs, '--out', out, '--as-of', asOf];
  const { code, stderr } = await carbonExports('run', ...places, ...options);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return out;
}

describe('the sample estate', () => {
  let inputs: string;

  beforeAll(async () => {
    inputs = await sampleFolder(folder());
  }, 120_000);

  test.each(['v1.0.0', 'v2.0.0'])('38 months of %s', async (version) => {
    const pins = pinsOf(await run(inputs, SAMPLE_AS_OF, '--model', version));
    expect(Object.keys(pins)).toHaveLength(38);
    expect(pins).toMatchSnapshot();
  });
});

test("AWS's totals, split over real bills and broken down by tag", async () => {
  const inputs = folder();
  await writeAwsEstate(inputs);
  const pins = pinsOf(await run(inputs, '2024-10-20', '--by', 'tag:environment', 'resource'));
  expect(Object.keys(pins)).toHaveLength(3);
  expect(pins).toMatchSnapshot();
});

test('an estate of FOCUS and CUR bills with three breakdowns, as CSV and Parquet', async () => {
  const inputs = estateWithoutUsage(join(folder(), 'inputs'));
  const tags = ['red', 'blue', undefined];
  const lines = Array.from({ length: 90 }, (_, index) => ({
    charge: {
      account: index % 2 === 0 ? '000000000001' : '000000000002',
      service: index % 5 === 0 ? 'B' : 'A',
      quantity: (1 / (index + 3)).toPrecision(12),
      cost: (index / 7).toPrecision(11),
    },
    tag: tags[index % 3],
    resource: index % 4 === 0 ? '' : `i-${String(index % 7)}`,
  }));
  const json = (tag: string | undefined): string => JSON.stringify(tag === undefined ? {} : { team: tag });
  inputs.write(
    FOCUS_BILL,
    billCsv(
      lines.map(({ charge, tag, resource }) =>
        focusRow(charge, { Tags: json(tag), ResourceId: resource, x_CostCategories: json(tag) }),
      ),
    ),
  );
  inputs.write(
    'cur/usage_period=2025-02/bill.csv',
    billCsv(
      lines.map(({ charge, tag, resource }) =>
        curRow(
          { ...charge, start: '2025-02-10 00:00:00', end: '2025-02-10 01:00:00' },
          {
            resource_tags: tag === undefined ? '{}' : JSON.stringify({ user_team: tag }),
            line_item_resource_id: resource,
            cost_category: json(tag),
          },
        ),
      ),
    ),
  );
  const by = ['--by', 'tag:team', 'cost-category:team', 'resource'];
  const pins = pinsOf(await run(inputs.path, '2025-03-15', '--format', 'both', ...by));
  expect(Object.keys(pins)).toHaveLength(16);
  expect(pins).toMatchSnapshot();
});
