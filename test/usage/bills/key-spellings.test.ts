import { spellingsOf } from '../../../shared/usage/bills/key-spellings';

test.each([
  { kind: 'tag', key: 'CostCenter', member: 'CostCenter' },
  { kind: 'tag', key: 'CostCenter', member: 'user:CostCenter' },
  { kind: 'tag', key: 'CostCenter', member: 'resourceTags/user:CostCenter' },
  { kind: 'tag', key: 'CostCenter', member: 'user_cost_center' },
  { kind: 'tag', key: 'Cost Center', member: 'user_cost_center' },
  { kind: 'tag', key: 'user:team', member: 'team' },
  { kind: 'tag', key: 'team', member: 'user_team' },
  { kind: 'tag', key: 'aws:createdBy', member: 'aws_created_by' },
  { kind: 'tag', key: 'aws:createdBy', member: 'resourceTags/aws:createdBy' },
  { kind: 'tag', key: 'aws:eks:namespace', member: 'aws_eks_namespace' },
  { kind: 'tag', key: 'aws_eks_namespace', member: 'aws_eks_namespace' },
  { kind: 'cost-category', key: 'BusinessUnit', member: 'costCategory:BusinessUnit' },
  { kind: 'cost-category', key: 'BusinessUnit', member: 'costCategory/BusinessUnit' },
  { kind: 'cost-category', key: 'BusinessUnit', member: 'business_unit' },
  { kind: 'account-tag', key: 'team', member: 'accountTag/team' },
  { kind: 'user-attribute', key: 'cost_center', member: 'userAttribute/cost_center' },
] as const)('$kind $key is found as $member', ({ kind, key, member }) => {
  expect(spellingsOf(kind, key).members).toContain(member);
});

test.each([
  { kind: 'tag', key: 'CostCenter', column: 'resource_tags_user_cost_center' },
  { kind: 'tag', key: 'aws:createdBy', column: 'resource_tags_aws_created_by' },
  { kind: 'cost-category', key: 'BusinessUnit', column: 'cost_category_business_unit' },
] as const)('$kind $key has the column $column', ({ kind, key, column }) => {
  expect(spellingsOf(kind, key).columns).toContain(column);
});

test('a tag of AWS is not found in a tag of a user with the same name', () => {
  expect(spellingsOf('tag', 'aws:createdBy').members).not.toContain('createdBy');
});

test('a key without Latin letters has no small spelling', () => {
  expect(spellingsOf('tag', 'コスト').columns).toEqual([]);
});
