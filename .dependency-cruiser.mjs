/*
 * The rooms of shared/ in the order in which data passes through them: a room imports only from rooms that stand
 * before it. Adding a room means adding a line here and to shared/README.md.
 */
const ROOMS = [
  'base',
  'stores',
  'sql',
  'method',
  'estate',
  'organization',
  'exports',
  'usage/lines',
  'usage/bills',
  'usage/athena',
  'usage',
  'compute/month',
  'compute/allocation',
  'compute/aws-totals',
  'compute',
  'catalog',
  'report',
  'runs',
  'audit/verify/exact',
  'audit/verify',
  'audit/diff',
  'audit/explain',
  'audit/factors',
  'audit/pack',
];

const inRoom = (room) => `^shared/${room}/[^/]+$`;

const oneWay = ROOMS.slice(0, -1).map((room, index) => ({
  name: `${room.replaceAll('/', '-')}-imports-only-rooms-before-it`,
  severity: 'error',
  from: { path: inRoom(room) },
  to: { path: ROOMS.slice(index + 1).map(inRoom) },
}));

export default {
  forbidden: [
    {
      name: 'no-cycle-between-files',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-cycle-between-folders',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-room-has-a-place-in-the-order',
      severity: 'error',
      from: {},
      to: { path: '^shared/', pathNot: [...ROOMS.map(inRoom), '^shared/catalog/(views|queries)/'] },
    },
    {
      name: 'shared-imports-nothing-beside-it',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(api|bench|bin|cli|infra|lambdas|report|sample|test|tools)/' },
    },
    {
      // Each module becomes a part of the page, which is a file of every export: no I/O, and no package.
      name: 'the-page-imports-its-data-and-pure-modules-only',
      severity: 'error',
      from: { path: '^report/' },
      to: {
        path: '^shared/',
        pathNot:
          '^shared/(report/(report-data|others)|exports/emissions|base/(csv-field|mass|month|people-number))\\.ts$',
      },
    },
    {
      name: 'the-library-imports-no-program',
      severity: 'error',
      from: { path: '^api/' },
      to: { path: '^(bench|bin|cli|infra|lambdas|report|sample|test|tools)/' },
    },
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    ...oneWay,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '^(build|cdk\\.out|coverage|node_modules)/' },
  },
};
