import type { MethodTables, Row } from './estate-tables';
import { solve } from './linear-system';
import { decimal, type Fraction, isPositive, ONE, sum, ZERO } from './rational';

/** The dependencies of one cluster: A(f,g), the share of provider f's emissions that consumer g causes. */
type Dependencies = { readonly codes: readonly string[]; readonly share: (f: string, g: string) => Fraction };

/**
 * Step 4, dependencies. Returns the kg that are left for accounts, by product_code, from the kg that services get directly:
 * n(f) = x(f) x (1 - sum_g A(f,g)) with x = d + A^T x.
 */
export function leftForAccounts(
  tables: MethodTables,
  month: string,
  clusterId: string,
  direct: ReadonlyMap<string, Fraction>,
): ReadonlyMap<string, Fraction> {
  const dependencies = dependenciesOf(tables, month, clusterId);
  const { codes, share } = dependencies;
  // Row g of I - A^T: the total of g, less the emissions that each f passes on to it, is what g gets directly.
  const matrix = codes.map((g) => codes.map((f) => (f === g ? ONE : ZERO).sub(share(f, g))));
  const totals = solve(
    matrix,
    codes.map((code) => direct.get(code) ?? ZERO),
  );
  if (totals === undefined) {
    const names = closedServices(dependencies).join(', ');
    throw new Error(`in cluster ${clusterId} these services only ever use each other: ${names}`);
  }
  return new Map(
    codes.map((code, at) => [code, (totals[at] ?? ZERO).mul(ONE.sub(passedOn(dependencies, code)))]),
  );
}

/** A cluster's own rows for a provider replace the rows of cluster * for that provider. */
function dependenciesOf(tables: MethodTables, month: string, clusterId: string): Dependencies {
  const codes = tables.services.map((service) => service.product_code);
  const rows = codes.flatMap((provider) => {
    const all = (tables.service_use[month] ?? []).filter((row) => row.provider_code === provider);
    const own = all.filter((row) => row.cluster_id === clusterId);
    return own.length > 0 ? own : all.filter((row) => row.cluster_id === '*');
  });
  const key = (f: string, g: string): string => `${f}|${g}`;
  const shares = new Map(rows.map((row) => [key(row.provider_code, row.consumer_code), shareOf(row)]));
  return { codes, share: (f, g) => shares.get(key(f, g)) ?? ZERO };
}

function shareOf(row: Row<'service_use'>): Fraction {
  return decimal(row.share);
}

function passedOn({ codes, share }: Dependencies, provider: string): Fraction {
  return sum(codes.map((consumer) => share(provider, consumer)));
}

/** The services whose emissions never reach an account, because they only use each other. */
function closedServices(dependencies: Dependencies): string[] {
  const { codes, share } = dependencies;
  const leaks = new Set(codes.filter((code) => isPositive(ONE.sub(passedOn(dependencies, code)))));
  for (let before = -1; before !== leaks.size;) {
    before = leaks.size;
    codes.filter((f) => [...leaks].some((g) => isPositive(share(f, g)))).forEach((f) => leaks.add(f));
  }
  return codes.filter((code) => !leaks.has(code));
}
