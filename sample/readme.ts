import type { Account } from './accounts';
import { type ServiceFact, SERVICES } from './catalogue';
import type { Cluster } from './clusters';
import { REAL_FOCUS_MONTH, REGIONS } from './facts';
import { monthOf } from './months';
import type { SamplePlan } from './options';

const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '));

function openings(clusters: readonly Cluster[]): string[] {
  return clusters
    .filter(({ openedOn }) => openedOn !== '')
    .map(({ clusterId, openedOn }) => {
      const real = REGIONS.find(({ code }) => code === clusterId)?.openingReal === true;
      return `${clusterId} on ${openedOn} (${real ? 'the real date' : 'a made-up date'})`;
    });
}

function borrowedGrids(clusters: readonly Cluster[]): string[] {
  const present = new Set(clusters.map(({ clusterId }) => clusterId));
  return REGIONS.flatMap(({ code, gridOf }) =>
    gridOf !== undefined && present.has(code) ? [`${code} that of ${gridOf}`] : [],
  );
}

function focusSection(plan: SamplePlan): string {
  if (!plan.focus) return '';
  return `
## September 2024 is real

\`focus/usage_period=${REAL_FOCUS_MONTH}/\` holds the 942 AWS rows of the FOCUS sample data of the FinOps Foundation, byte for
byte: real, anonymised billing data, which replaces \`usage/\` for that month. It is a small part of a bill (21 USD at list price).
So in that month many services have no driver, and some clusters do not serve. Its account ids have 11 digits because
a spreadsheet removed the leading zero; \`settings.json\` restores it. Services without a unit in the default map count by list cost.
`;
}

/**
 * Returns README.md of a generated estate: what in it is real and what is made up.
 *
 * @param plan sizes and seed
 * @param clusters the clusters
 * @param services the services
 * @param accounts the accounts
 */
export function sampleReadme(
  plan: SamplePlan,
  clusters: readonly Cluster[],
  services: readonly ServiceFact[],
  accounts: readonly Account[],
): string {
  const regions = clusters.filter(({ kind }) => kind === 'region');
  const madeUp = regions.filter(({ clusterId }) => clusterId.startsWith('zz-made-')).length;
  const assumed = regions.filter(({ puePublished }) => !puePublished).map(({ clusterId }) => clusterId);
  const states = (state: Account['state']): number => accounts.filter((a) => a.state === state).length;
  const unused = services.filter(({ weight }) => weight === 0).map(({ code }) => code);
  const first = monthOf(plan.months[0] ?? 0);
  const last = monthOf(plan.months.at(-1) ?? 0);
  return `# A sample estate

A generator made this estate, with seed ${plan.seed}, for ${first} to ${last} (${plan.months.length} months). It shows what inputs
and results look like. It says nothing about the emissions of AWS or of anyone else: the racks, and so the energy, are made up.
${focusSection(plan)}
## What is real

| what | origin and licence |
| --- | --- |
| Regions and their names${madeUp > 0 ? ` (but not the ${madeUp} called zz-made-)` : ''} | AWS |
| power usage effectiveness in electricity.csv: the latest year AWS published for the Region | AWS, per Region |
| location-based grid factors | Cloud Carbon Footprint coefficients, Apache-2.0, which name EPA, EEA, EMA and carbonfootprint.com as sources |
| fuel_factors.csv: combustion | US EPA GHG Emission Factors Hub, public domain |
| fuel_factors.csv: upstream_kg | UK Government GHG conversion factors 2025, OGL v3.0 |
| gwp.csv | IPCC AR5, values via openclimatedata, CC0 |
| product codes and names of services${services.length > SERVICES.length ? ' (but not those called Made-up service)' : ''} | AWS |
| ids and names of ${accounts.filter(({ real }) => real).length} accounts${plan.focus ? `, and focus/usage_period=${REAL_FOCUS_MONTH}/` : ''} | FinOps Foundation FOCUS-Sample-Data, anonymised, CC BY 4.0 |

The grid factors have no year: they are listed once, and later years use them. Regions without a separate factor use
that of their country: ${list(borrowedGrids(clusters))}.

## What is made up

- Racks, their power, and what uses them; no provider publishes any of it. A few racks are idle.
- Dependencies between services, two cycles among them (AmazonEC2 and AmazonS3, AWSLambda and AmazonCloudWatch).
- Embodied carbon of racks (rack_embodied.csv), buildings and equipment (assets.csv), upstream and loss factors of the grids
  (fera_factors.csv) and refrigerants that leaked (refrigerant_use.csv); only model version v3.0.0 reads them.
- Contracts, residual mixes, and the fuel of generator tests. The running year has no fuel yet for most clusters.
- Edge clusters and the locations of their sites. Their power usage effectiveness of 1.3 is assumed.
- A power usage effectiveness of 1.15 for Regions for which AWS publishes none: ${list(assumed)}.
- Opening of Regions: ${list(openings(clusters))}.
- All months of usage/. Half of the revenue follows the proportions of account, Region and service in the real month, scaled up;
  the other half is divided so that every account has several services in several Regions. Growth, seasons, refunds
  (negative revenue), new and leaving accounts are made up, and so are quantities: revenue divided by a price per unit.
- Accounts whose ids start with 9, and the state of every account: ${states('ACTIVE')} active, ${states('SUSPENDED')} suspended, ${states('PENDING_CLOSURE')} pending closure,
  ${states('CLOSED')} closed; ${accounts.filter(({ role }) => role === 'internal').length} are the operator's own (internal_accounts.csv). No address reaches anyone (example.com).
- Services that have racks and no usage (unclaimed): ${list(unused)}.
`;
}
