import { deployed, expectScanLimit } from './configurations';
import { type Statement, statementsByRole } from './statements';

const usesAthena = ({ Action }: Statement): boolean => /(athena|glue):/.test(Action.join());

describe('a month that Athena sums', () => {
  test('only export-month may use Athena, and create and delete tables', () => {
    const users = [...statementsByRole(deployed('defaults'))].filter(([, list]) =>
      list.some(({ Action }) => /athena:|glue:(Create|Delete)Table/.test(Action.join())),
    );
    expect(users.map(([role]) => role)).toEqual(['ExportMonth']);
  });

  test('export-month may use one workgroup, and tables of a database without other tables', () => {
    const rights = (statementsByRole(deployed('defaults')).get('ExportMonth') ?? [])
      .filter(usesAthena)
      .map(({ Action, Resource }) => [
        Action,
        Resource.map((arn) => arn.replace(/^arn:aws:(\w+):us-east-1:123456789012:/, '$1:')),
      ]);
    expect(rights).toEqual([
      [
        ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution'],
        ['athena:workgroup/CarbonExportsMonths'],
      ],
      [['athena:GetDataCatalog'], ['athena:datacatalog/AwsDataCatalog']],
      [
        ['glue:GetDatabase'],
        ['glue:catalog', 'glue:database/default', 'glue:database/carbon_emissions_scratch'],
      ],
      [
        ['glue:CreateTable', 'glue:DeleteTable', 'glue:GetTable'],
        ['glue:catalog', 'glue:database/carbon_emissions_scratch', 'glue:table/carbon_emissions_scratch/*'],
      ],
    ]);
  });

  test('a statement may scan 1 TB, and the workgroup enforces it', () => {
    expectScanLimit('CarbonExportsMonths', 1_000_000_000_000);
  });

  test('with the engine duckdb, nothing of it is deployed', () => {
    const deployment = deployed('withoutAthena');
    const names = (type: string, member: string): unknown[] =>
      deployment.resources(type).map(({ properties }) => properties[member]);
    expect(names('AWS::Athena::WorkGroup', 'Name')).toEqual(['CarbonExports']);
    expect(names('AWS::Glue::Database', 'DatabaseInput')).toMatchObject([{ Name: 'carbon_emissions' }]);
    expect(statementsByRole(deployment).get('ExportMonth')?.filter(usesAthena)).toEqual([]);
    const functions = deployment.resources('AWS::Lambda::Function');
    expect(functions).toHaveLength(5);
    expect(JSON.stringify(functions)).not.toContain('ATHENA_');
  });
});
