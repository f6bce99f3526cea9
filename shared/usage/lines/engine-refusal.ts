import { CsvFormatError } from '../../estate/csv-file';

/** A file that is sound, and that one engine alone cannot read as it is meant. */
export class EngineRefusal extends CsvFormatError {}
