import { asModelVersionId, newestVersion } from '../../shared/base/model-version-id';

const newest = (...versions: readonly string[]): string | undefined =>
  newestVersion(versions.map(asModelVersionId));

test.each([
  [['v1.0.0', 'v2.0.0'], 'v2.0.0'],
  [['v3.0.1', 'v3.0.0', 'v2.0.1'], 'v3.0.1'],
  [['v10.0.0', 'v9.9.9'], 'v10.0.0'],
  [['v3.2.0', 'v3.10.0'], 'v3.10.0'],
  [['v1.0.90071992547409921', 'v1.0.90071992547409922'], 'v1.0.90071992547409922'],
])('the newest of %j is %s', (versions, expected) => {
  expect(newest(...versions)).toBe(expected);
});

test('an unknown version is undefined', () => {
  expect(newest()).toBeUndefined();
});
