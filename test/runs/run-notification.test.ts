import { mailOnce, notificationOf } from '../../shared/runs/run-notification';
import { FolderStore } from '../../shared/stores/folder-store';
import { scratch } from '../support/scratch';

const folder = scratch();

const REPORT = { exportName: 'x', execution: 'e1', status: 'succeeded' } as const;

test('a step that is repeated sends no second mail, and a run that ends otherwise sends one', async () => {
  const store = new FolderStore(folder());
  const send = jest.fn(() => Promise.resolve());
  await mailOnce(store, REPORT, send);
  await mailOnce(store, REPORT, send);
  expect(send).toHaveBeenCalledTimes(1);
  await mailOnce(store, { ...REPORT, status: 'failed' }, send);
  await mailOnce(store, { ...REPORT, execution: 'e2' }, send);
  expect(send).toHaveBeenCalledTimes(3);
});

test('a mail that could not be sent is sent by the repeated step', async () => {
  const store = new FolderStore(folder());
  const send = jest.fn().mockRejectedValueOnce(new Error('throttled')).mockResolvedValue(undefined);
  await expect(mailOnce(store, REPORT, send)).rejects.toThrow('throttled');
  await mailOnce(store, REPORT, send);
  expect(send).toHaveBeenCalledTimes(2);
});

test.each([
  ['https://console.aws.amazon.com/s3/object/b?prefix=x%2Freport.html', true],
  [undefined, false],
])('a mail names the report page where the run wrote one (%s)', (page, isNamed) => {
  const report = { ...REPORT, asOf: '2025-01-15', months: [], missing: [], problems: [], notes: [] };
  const lines = notificationOf(report, page).message.split('\n');
  expect(lines[0]).toBe('Export x, as of 2025-01-15, execution e1');
  expect(lines.includes(`Report page: ${String(page)}`)).toBe(isNamed);
});
