import { randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { csvHeader } from '../../../shared/audit/verify/text-records';
import { scratch } from '../../support/scratch';

const folder = scratch();

/** Paths of the open files of this process, as Linux lists them. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(join('/proc/self/fd', descriptor))];
    } catch {
      // The descriptor of the listing itself is closed again.
      return [];
    }
  });
}

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux.each(['lines.csv', 'lines.csv.gz'])(
  'the header of %s is read without leaving it open',
  async (name) => {
    const path = join(folder(), name);
    const content = `id,quantity\n${randomBytes(3_000_000).toString('hex').replaceAll('a', '\n')}\n`;
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(content) : content);
    expect(await csvHeader(path)).toEqual(['id', 'quantity']);
    // A stream closes its file in a later turn of the event loop.
    for (let turn = 0; turn < 100 && openFiles().includes(path); turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(openFiles()).not.toContain(path);
  },
);
