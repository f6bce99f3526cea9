import { asMonth } from '../shared/base/month';

/** The month the real FOCUS rows are of. */
export const REAL_FOCUS_MONTH = asMonth('2024-09');

/** The sample is fixed in time: by default its last month is this one, whenever it is generated. */
export const MADE_UP_LAST_MONTH = '2026-10';

/** What an estate must have so that every real FOCUS row finds its Region, service and account. */
export const FOCUS_NEEDS = { regions: 19, services: 24, accounts: 66 } as const;

/** A Region of the sample. */
export interface RegionFact {
  readonly code: string;
  /** How large it is next to the others: 0 (smallest) to 1 (largest). Made up. */
  readonly size: number;
  /** The Region whose grid factor it takes, where the reference has none for it. */
  readonly gridOf?: string;
  /** Opening date YYYY-MM-DD, where it is after 2023-08. */
  readonly openedOn?: string;
  /** Whether {@link RegionFact.openedOn} is the date on which AWS opened it. */
  readonly openingReal?: boolean;
  /** First month YYYY-MM in which customers use it, where it opened after 2023-08. Made up. */
  readonly firstUse?: string;
  readonly southern?: boolean;
}

/**
 * The Regions in the order in which an estate takes them: the 19 of the real FOCUS rows come first. The opening date
 * of ca-west-1 is the real one (AWS Regions and Availability Zones, document history); that of eu-south-1 is made up,
 * so that one Region opens while model version v2.0.0 is in force. GovCloud and China are separate partitions of AWS
 * with separate bills and are left out.
 */
export const REGIONS: readonly RegionFact[] = [
  { code: 'us-west-2', size: 0.9 },
  { code: 'us-east-1', size: 1 },
  { code: 'us-east-2', size: 0.6 },
  { code: 'eu-central-1', size: 0.6 },
  { code: 'ap-south-1', size: 0.5 },
  { code: 'ap-northeast-1', size: 0.5 },
  { code: 'eu-west-2', size: 0.4 },
  { code: 'ap-southeast-1', size: 0.4 },
  { code: 'us-west-1', size: 0.3 },
  { code: 'eu-west-1', size: 0.8 },
  { code: 'ap-southeast-2', size: 0.4, southern: true },
  { code: 'sa-east-1', size: 0.3, southern: true },
  { code: 'af-south-1', size: 0.1, southern: true },
  { code: 'eu-north-1', size: 0.3 },
  { code: 'eu-west-3', size: 0.3 },
  { code: 'ap-northeast-2', size: 0.3 },
  { code: 'me-south-1', size: 0.1 },
  { code: 'ca-central-1', size: 0.3 },
  { code: 'ap-south-2', size: 0.1, gridOf: 'ap-south-1' },
  {
    code: 'ca-west-1',
    size: 0.1,
    gridOf: 'ca-central-1',
    openedOn: '2023-12-20',
    openingReal: true,
    firstUse: '2024-01',
  },
  { code: 'eu-south-1', size: 0.2, openedOn: '2025-06-18', firstUse: '2025-07' },
  { code: 'ap-northeast-3', size: 0.2 },
  { code: 'ap-east-1', size: 0.2 },
  { code: 'ap-southeast-4', size: 0.1, gridOf: 'ap-southeast-2', southern: true },
];

/** The edge clusters, each with the Regions on whose grids its sites are. Clusters and places are made up. */
export const EDGES: readonly {
  readonly id: string;
  readonly size: number;
  readonly gridsOf: readonly string[];
}[] = [
  { id: 'cf-na', size: 0.5, gridsOf: ['us-east-1', 'us-west-2', 'ca-central-1'] },
  { id: 'cf-eu', size: 0.4, gridsOf: ['eu-central-1', 'eu-west-3', 'eu-west-2'] },
  { id: 'cf-ap', size: 0.2, gridsOf: ['ap-northeast-1', 'ap-southeast-1', 'ap-south-1'] },
];

/** Power usage effectiveness where AWS has published none for a Region, and of edge clusters. Assumed. */
export const ASSUMED_PUE = { region: 1.15, edge: 1.3 } as const;

/** Grids with a residual mix, as its ratio to the location-based factor, in 2023 and from 2025. Made up. */
export const RESIDUAL_MIX_RATIO: Readonly<Record<string, readonly [number, number]>> = {
  england: [1.46, 1.38],
  france: [1.31, 1.24],
  germany: [1.72, 1.64],
  ireland: [1.35, 1.29],
  italy: [1.58, 1.5],
  sweden: [4.1, 3.6],
  'united-states-rfc': [1.04, 1.03],
  'united-states-serc': [1.02, 1.02],
  'united-states-wecc': [1.06, 1.05],
};
