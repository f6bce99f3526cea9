import { readFileSync } from 'node:fs';
import { CarbonError } from '../../shared/base/carbon-error';
import { reasonOf } from '../../shared/base/error-info';

class OwnError extends CarbonError {}

/** Returns the error of reading a file that does not exist. */
function readingNothing(): unknown {
  try {
    return readFileSync('/no/such/file');
  } catch (error) {
    return error;
  }
}

describe('reasonOf: no class name reaches a person', () => {
  test('an error of this program has its own message', () => {
    expect(reasonOf(new OwnError('input', 'a.csv: found x, expected y'))).toBe('a.csv: found x, expected y');
  });

  test('an error of the system begins with its path', () => {
    expect(reasonOf(readingNothing())).toBe('/no/such/file: no such file or directory (ENOENT)');
  });

  test('an error of an AWS service ends with the error code of the service', () => {
    const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied', $metadata: {} });
    expect(reasonOf(denied)).toBe('not authorized (AWS error AccessDenied)');
  });

  test('any other error is unexpected', () => {
    expect(reasonOf(new TypeError('x is undefined'))).toBe('unexpected error: x is undefined');
    expect(reasonOf('text')).toBe('unexpected error: text');
  });
});
