import { CsvFormatError } from '../../estate/csv-file';

/** A valid file that one engine alone cannot read correctly. */
export class EngineRefusal extends CsvFormatError {}
