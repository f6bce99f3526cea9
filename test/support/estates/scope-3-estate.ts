import type { EstateTables } from './estate-tables';
import { tinyEstate } from './tiny-estate';

/** An organization of one account. */
const accounts: EstateTables['accounts'] = {
  Accounts: [
    {
      ...{ Id: '000000000001', Name: 'One', Email: 'one@example.com', State: 'ACTIVE' },
      Arn: 'arn:aws:organizations::000000000001:account/o-abcdefghij/000000000001',
      ...{ JoinedMethod: 'CREATED', JoinedTimestamp: '2021-01-01T00:00:00+00:00' },
    },
  ],
};

/** The tiny estate with an account. */
export const scope3Estate = (changes: Partial<EstateTables> = {}): EstateTables =>
  tinyEstate({ accounts, ...changes });

/** A rack of 2,191 kg and 2,191 days: 1 kg a day, so 31 kg in the month of the tiny estate. */
export const embodied = (
  id: string,
  changes: NonNullable<EstateTables['rack_embodied']>[number] = {},
): NonNullable<EstateTables['rack_embodied']>[number] => ({
  ...{ rack_id: id, cluster_id: 'c1', in_service_on: '2024-12-01', embodied_kg: '2191' },
  ...changes,
});
