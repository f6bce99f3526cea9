import { describeProblem } from '../../shared/base/input-problem';
import { nearNames } from '../../shared/estate/near-names';

const TABLES = ['usage', 'rack_use', 'focus', 'cur', 'aws_carbon'];

test.each([
  ['aws-carbon', 'aws_carbon'],
  ['AWSCarbon', 'aws_carbon'],
  ['carbon', 'aws_carbon'],
  ['focus-1.2', 'focus'],
  ['FOCUS', 'focus'],
  ['focsu', 'focus'],
  ['cur2', 'cur'],
  ['rackuse', 'rack_use'],
  ['usages', 'usage'],
])('%s is nearly %s', (folder, table) => {
  const [problem, ...others] = nearNames([folder], TABLES);
  expect(others).toEqual([]);
  expect(problem && describeProblem(problem)).toBe(
    `${folder}/: expected the name of a table; it is nearly ${table}. Rename the folder, or move it out of the estate`,
  );
});

test.each(['docs', 'car', 'carbon-exports', 'archive', 'my-exports', 'curated'])(
  '%s is not a table',
  (folder) => {
    expect(nearNames([folder], TABLES)).toEqual([]);
  },
);

test('a folder is not compared with tables that the estate has', () => {
  expect(nearNames(['aws-carbon'], ['focus'])).toEqual([]);
});
