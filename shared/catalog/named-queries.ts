import { CarbonError } from '../base/carbon-error';
import { escapedText } from '../sql/dialect';
import { readSqlFiles } from './sql-files';

/** A parameter of a named query. */
export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly defaultValue: string;
}

/** A query that the program ships. */
export interface NamedQuery {
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly QueryParameter[];
  /** True for a query of carbon_by_tag, which exists where the export has breakdowns. */
  readonly readsBreakdowns: boolean;
  /** True for a query of carbon_scope_3, which exists where the model version counts Scope 3. */
  readonly readsScope3: boolean;
  /** The statement with the default values of its parameters. */
  readonly sql: string;
  /**
   * Returns the statement with the given values.
   *
   * @throws CarbonError of kind usage when a parameter is unknown or a value is not allowed
   */
  readonly withParameters: (values: Readonly<Record<string, string>>) => string;
}

const PARAMETER_LINE = /^parameter (\w+) = (.*?): (.*)$/;
const PLACEHOLDER = /\{\{(\w+)(:integer)?\}\}/g;

/** Returns all named queries, ordered by name. */
export function namedQueries(): NamedQuery[] {
  return readSqlFiles('queries').map(({ name, comment, sql }) => {
    const parameters = comment.flatMap((line): QueryParameter[] => {
      const match = PARAMETER_LINE.exec(line);
      if (match === null) return [];
      return [{ name: match[1] ?? '', defaultValue: match[2] ?? '', description: match[3] ?? '' }];
    });
    const withParameters = (values: Readonly<Record<string, string>>): string =>
      fill(name, sql, parameters, values);
    return {
      name,
      description: comment.filter((line) => !PARAMETER_LINE.test(line)).join(' '),
      parameters,
      readsBreakdowns: /\bcarbon_by_tag\b/.test(sql),
      readsScope3: /\bcarbon_scope_3\b/.test(sql),
      sql: withParameters({}),
      withParameters,
    };
  });
}

function fill(
  query: string,
  template: string,
  parameters: readonly QueryParameter[],
  values: Readonly<Record<string, string>>,
): string {
  const unknown = Object.keys(values).find((key) => !parameters.some(({ name }) => name === key));
  if (unknown !== undefined) {
    const known = parameters.map(({ name }) => name).join(', ') || 'none';
    throw new CarbonError('usage', `${query}: found parameter ${unknown}, expected one of: ${known}`);
  }
  return template.replace(PLACEHOLDER, (_, name: string, integer: string | undefined) => {
    const value = values[name] ?? parameters.find((parameter) => parameter.name === name)?.defaultValue;
    if (value === undefined)
      throw new Error(`${query}.sql uses the parameter ${name}, which its comment does not define`);
    if (integer !== undefined && !/^\d{1,9}$/.test(value)) {
      throw new CarbonError(
        'usage',
        `${query}, parameter ${name}: found "${value}", expected a whole number of at most 9 digits`,
      );
    }
    // A double quote or a backslash would end the key inside a JSON path.
    if (/["\\\0\n]/.test(value)) {
      throw new CarbonError(
        'usage',
        `${query}, parameter ${name}: found ${JSON.stringify(value)}, expected a text without double quotes, backslashes and line breaks`,
      );
    }
    return escapedText(value);
  });
}
