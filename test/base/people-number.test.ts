import { asMtco2e } from '../../shared/base/mass';
import {
  massChangeText,
  massText,
  massUnit,
  percentChangeText,
  percentText,
  significant,
} from '../../shared/base/people-number';

test.each([
  [0, '0 t'],
  [607.2501, '607.3 t'],
  [12_345.6, '12,346 t'],
  [999_999, '999,999 t'],
  [1_234_567, '1.235 Mt'],
  [1, '1.000 t'],
  [0.99996, '1.000 t'],
  [0.5, '500.0 kg'],
  [0.000_001, '1.000 g'],
  [0.000_000_25, '250.0 mg'],
  [-0.0123, '-12.30 kg'],
  [1e-15, '0.000001000 mg'],
])('%d MTCO2e are %s', (value, text) => {
  expect(massText(asMtco2e(value))).toBe(text);
});

test.each([
  [1234.5, '1,235'],
  [0.00123456, '0.001235'],
  [5, '5.000'],
  [0, '0'],
])('%d has the digits %s', (value, text) => {
  expect(significant(value)).toBe(text);
});

test.each([
  [0.00952, '+9.520 kg'],
  [-1.5, '-1.500 t'],
  [0, '0 t'],
])('a change of %d MTCO2e is %s', (value, text) => {
  expect(massChangeText(asMtco2e(value))).toBe(text);
});

test.each([
  [0, '0 %'],
  [1234.5, '1,235 %'],
  [33.3, '33 %'],
  [-2.345, '-2.3 %'],
  [0.456, '0.46 %'],
  [0.0314, '0.031 %'],
  [0.001, 'under 0.01 %'],
])('%d percent are %s', (value, text) => {
  expect(percentText(value)).toBe(text);
});

test.each([
  [100, 101.5, '+1.5 %'],
  [101.5, 100, '-1.5 %'],
  [100, 100.000_001, 'under 0.01 %'],
  [5, 5, '0 %'],
  [0, 0, '0 %'],
  [0, 5, ''],
])('from %d to %d is %s', (before, after, text) => {
  expect(percentChangeText(before, after)).toBe(text);
});

test('masses of a chart have the unit of the largest', () => {
  expect(massUnit([0.0001, -3, 0]).name).toBe('t');
  expect(massUnit([0.0001, 0.003]).name).toBe('kg');
  expect(massUnit([2_000_000, 1]).name).toBe('Mt');
  expect(massUnit([]).name).toBe('t');
});
