import { CarbonError } from '../base/carbon-error';
import { escapedText } from '../sql/dialect';
import { readSqlFiles } from './sql-files';

/** Something that a named query can be asked with. */
export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly defaultValue: string;
}

/** A question people ask first, ready to run. */
export interface NamedQuery {
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly QueryParameter[];
  /** The statement with its parameters' defaults. */
  readonly sql: string;
  /**
   * The statement with other values.
   *
   * @throws QueryParameterError when a parameter is unknown or its value cannot stand in the statement
   */
  readonly withParameters: (values: Readonly<Record<string, string>>) => string;
}

/** A named query was asked with something it does not take. */
export class QueryParameterError extends CarbonError {
  constructor(message: string, options?: ErrorOptions) {
    super('usage', message, options);
  }
}

const PARAMETER_LINE = /^parameter (\w+) = (.*?): (.*)$/;
const PLACEHOLDER = /\{\{(\w+)(:integer)?\}\}/g;

/** The named queries that are shipped, by name. */
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
    throw new QueryParameterError(`${query} has no parameter ${unknown}; it has: ${known}`);
  }
  return template.replace(PLACEHOLDER, (_, name: string, integer: string | undefined) => {
    const value = values[name] ?? parameters.find((parameter) => parameter.name === name)?.defaultValue;
    if (value === undefined) throw new Error(`${query} names no parameter ${name} in its comment`);
    if (integer !== undefined && !/^\d{1,9}$/.test(value)) {
      throw new QueryParameterError(`${query}: ${name} is a whole number, not "${value}"`);
    }
    // Double quotes and backslashes would end the text inside a JSON path.
    if (/["\\\0\n]/.test(value)) {
      throw new QueryParameterError(
        `${query}: ${name} may hold no quotation marks, backslashes or line ends`,
      );
    }
    return escapedText(value);
  });
}
