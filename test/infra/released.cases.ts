import { deployed } from './configurations';
import released from './released-resources.json';

/** Types whose replacement loses data, subscriptions or what other stacks refer to. */
const LASTING = [
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
];

test('a deployment of the first release keeps its buckets, topic, queue and tables', () => {
  const before = Object.values(released)
    .flatMap((resources) => Object.entries(resources))
    .filter(([, type]) => LASTING.includes(type));
  expect(before.length).toBeGreaterThan(15);
  const now = deployed('defaults').types();
  expect(before.filter(([id, type]) => now.get(id) !== type)).toEqual([]);
});
