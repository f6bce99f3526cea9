import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

// prettier loads itself by a dynamic import, which Jest does not allow.
test('what is made from the schemas is what the schemas say: npm run generate', () => {
  const args = ['--import', 'tsx', join('tools', 'generate.ts'), '--check'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(Number(/^(\d+) files checked/.exec(stdout)?.[1])).toBeGreaterThan(10);
});
