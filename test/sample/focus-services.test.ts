import { join } from 'node:path';
import { SERVICES } from '../../sample/catalogue';
import { readReference } from '../../sample/reference';
import { nonEmpty } from '../support/non-empty';
import { column, readTable, type Row } from './estate';

const map: Row[] = readTable(join(__dirname, '..', '..', 'shared', 'usage', 'bills'), 'focus-services.csv');
const byName = new Map(map.map((row) => [row['service_name'] ?? '', row]));

describe('the default map of FOCUS services', () => {
  it('has the columns of the input and one row per name, sorted', () => {
    expect(Object.keys(map[0] ?? {})).toEqual([
      'service_name',
      'product_code',
      'unit',
      'weight',
      'basis',
      'by_instance_size',
      'source',
    ]);
    const names = map.map((row) => row['service_name'] ?? '');
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual([...names].sort());
    for (const row of nonEmpty(map)) {
      expect(row['product_code']).toMatch(/^[A-Za-z0-9]+$/);
      expect(row['weight']).toBe('');
      expect(row['basis']).toBe(row['unit'] === '' ? 'economic' : 'physical');
      expect(row['source']).not.toBe('');
      if (row['by_instance_size'] === 'yes') expect(row['unit']).toBe('Hours');
    }
  });

  it('covers the 24 services of the real rows', () => {
    const { focus } = readReference();
    const names = new Set(focus.cells.map(({ serviceName }) => serviceName));
    expect(names.size).toBe(24);
    for (const name of nonEmpty(names)) expect(byName.has(name)).toBe(true);
  });

  it('covers the services most in use, under their present names', () => {
    expect(column(map, 'product_code').size).toBeGreaterThanOrEqual(60);
    expect(byName.get('Amazon Simple Storage Service')?.['unit']).toBe('GB-Months');
    expect(byName.get('Amazon Elastic Compute Cloud')?.['unit']).toBe('Hours');
    expect(byName.get('Amazon CloudFront')?.['unit']).toBe('GB');
  });

  it('agrees with the sample: the same codes, and a unit wherever the sample counts quantities', () => {
    for (const service of SERVICES) {
      expect(byName.get(service.name)?.['product_code']).toBe(service.code);
      if (service.basis === 'physical') expect(byName.get(service.name)?.['unit']).not.toBe('');
    }
  });

  it('spells the units as the real rows do', () => {
    const spelled = column(
      readTable(join(__dirname, '..', '..', 'sample', 'reference'), 'focus_1_0_sample.csv'),
      'ConsumedUnit',
    );
    for (const unit of nonEmpty(column(map, 'unit'))) if (unit !== '') expect(spelled).toContain(unit);
  });
});
