import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readCsv } from '../../shared/estate/csv-file';
import { scratch } from '../support/scratch';

const folder = scratch();

test('a file without quotes has the records that the parser of RFC 4180 returns', async () => {
  const path = join(folder(), 'file.csv');
  const piece = fc.constantFrom('a', ',', '\n', '\r\n', '\r', ' ', '\uFEFF', '\t', 'ä', ';', '1.5');
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const content = pieces.join('');
      writeFileSync(path, content);
      const { header, records: all } = await readCsv(path, 1 << 20);
      const records = [...all];
      const [first = [], ...others] = parse(content.replace(/^\uFEFF/, ''), {
        ...{ bom: true, relax_column_count: true, skip_empty_lines: true },
        record_delimiter: ['\r\n', '\n', '\r'],
      });
      expect({ header, records }).toEqual({ header: first, records: others });
    }),
    { numRuns: 300 },
  );
});
