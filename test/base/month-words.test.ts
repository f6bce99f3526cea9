import { monthsInWords } from '../../shared/base/month-words';

test.each([
  [[], ''],
  [['2025-02', '2025-01'], '2025-01, 2025-02'],
  [['2025-01', '2025-02', '2025-03', '2025-04'], '2025-01 to 2025-04 (4 months)'],
])('%p are %s', (months, text) => {
  expect(monthsInWords(months)).toBe(text);
});
