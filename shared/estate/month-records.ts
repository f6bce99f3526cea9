import type { Rack, RackUse, ServiceUse } from '../method/month-estate';
import { joinedCodes, orderedCodes, rowsInOrder } from './column-codes';
import type { TableColumn, TableColumns } from './table-columns';
import type { RowOf } from './table-spec';
import type { RACK_USE, RACKS, SERVICE_USE } from './tables';

/** Returns the value of a column by row. */
function valuesOf<Value>({ codes, values }: TableColumn<Value>): (row: number) => Value {
  return (row) => {
    const value = values[codes[row] ?? -1];
    if (value === undefined) throw new Error(`no value of row ${String(row)}`);
    return value;
  };
}

/** Returns the racks of a month, ordered by id. */
export function racksIn(columns: TableColumns<RowOf<typeof RACKS>>): Rack[] {
  const rackId = valuesOf(columns.column('rack_id'));
  const clusterId = valuesOf(columns.column('cluster_id'));
  const kind = valuesOf(columns.column('kind'));
  const powerKw = valuesOf(columns.column('power_kw'));
  return rowsInOrder(orderedCodes(columns.column('rack_id'))).map((row): Rack => ({
    rackId: rackId(row),
    clusterId: clusterId(row),
    kind: kind(row) === 'server' ? 'server' : 'overhead',
    powerKw: powerKw(row),
  }));
}

/** Returns the use of the racks, ordered by rack and service. */
export function rackUseIn(columns: TableColumns<RowOf<typeof RACK_USE>>): RackUse[] {
  const [racks, services] = [columns.column('rack_id'), columns.column('product_code')];
  const [rackId, productCode, share] = [
    valuesOf(racks),
    valuesOf(services),
    valuesOf(columns.column('share')),
  ];
  return rowsInOrder(joinedCodes([orderedCodes(racks), orderedCodes(services)])).map((row): RackUse => {
    const shareText = share(row);
    return { rackId: rackId(row), productCode: productCode(row), share: Number(shareText), shareText };
  });
}

/** Returns the dependencies of services, ordered by cluster, provider and consumer. */
export function serviceUseIn(columns: TableColumns<RowOf<typeof SERVICE_USE>>): ServiceUse[] {
  const clusters = columns.column('cluster_id');
  const [providers, consumers] = [columns.column('provider_code'), columns.column('consumer_code')];
  const [clusterId, providerCode, consumerCode] = [
    valuesOf(clusters),
    valuesOf(providers),
    valuesOf(consumers),
  ];
  const share = valuesOf(columns.column('share'));
  const order = joinedCodes([orderedCodes(clusters), orderedCodes(providers), orderedCodes(consumers)]);
  return rowsInOrder(order).map((row): ServiceUse => {
    const shareText = share(row);
    return {
      clusterId: clusterId(row),
      providerCode: providerCode(row),
      consumerCode: consumerCode(row),
      share: Number(shareText),
      shareText,
    };
  });
}
