import { nearestName } from '../../shared/base/nearest-name';

test.each([
  ['formt', ['format', 'from'], 'format'],
  ['exportname', ['exportName', 'format'], 'exportName'],
  ['memory', ['memoryMb', 'storageMb'], 'memoryMb'],
  ['x', ['by', 'mail'], undefined],
  ['something', ['format'], undefined],
  ['a', [], undefined],
])('%s among %j is %s', (name, known, expected) => {
  expect(nearestName(name, known)).toBe(expected);
});
