import type { MonthAllocation } from '../../method/month-allocation';
import type { MonthEstate } from '../../method/month-estate';
import type { InputPlaces } from './input-places';

/** A computed month whose sources are explained, and where its inputs are. */
export interface SourceContext {
  readonly estate: MonthEstate;
  readonly allocation: MonthAllocation;
  readonly places: InputPlaces;
}
