import { csvField } from '../../base/csv-field';
import type { EstateOverrides } from '../../compute/month/estate-overrides';
import type { Manifest } from '../../exports/manifest';
import type { InputStore, ObjectStore } from '../../stores/object-store';
import type { Verification, VerifiedMonth } from '../verify/verification';

/** What an assurance pack is made from. */
export interface PackRequest {
  readonly verification: Verification;
  readonly inputs: InputStore;
  readonly exports: ObjectStore;
  readonly overrides: EstateOverrides;
  /** Locations as the command was called with them. */
  readonly places: { readonly inputs: string; readonly out: string };
  /** Day of the verification, YYYY-MM-DD. */
  readonly on: string;
  /** Number of rows that are explained. */
  readonly sample: number;
  /** Decides which rows are drawn. @default - the digest of the data files, which no one can choose */
  readonly seed?: string;
}

/** A verified month with its manifest; months without a readable manifest are not among them. */
export interface PackedMonth {
  readonly verified: VerifiedMonth;
  readonly manifest: Manifest;
}

/** Returns a CSV file from rows of fields. */
export function csvFile(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows]
    .map((row) => `${row.map((field) => csvField(String(field))).join(',')}\n`)
    .join('');
}
