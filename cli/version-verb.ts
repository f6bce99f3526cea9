import type { Command } from 'commander';
import { version } from '../package.json';
import { CALCULATION_REVISION } from '../shared/compute/month/calculation-revision';
import { MODEL_VERSIONS } from '../shared/method/model-version';
import { jsonReport } from './json-report';

/** Adds the verb `version`: what a report of a problem needs. */
export function defineVersion(verb: Command, finish: (exitCode: number) => void): void {
  verb
    .option('--json', 'print them as JSON', false)
    .action(({ json: isJson }: { readonly json: boolean }) => {
      const versions = {
        version,
        calculationRevision: CALCULATION_REVISION,
        modelVersions: MODEL_VERSIONS.map(({ id }) => id),
        node: process.versions.node,
        platform: `${process.platform}-${process.arch}`,
      };
      console.log(
        isJson
          ? jsonReport(versions)
          : [
              `carbon-exports ${version}, calculation revision ${String(versions.calculationRevision)}`,
              `Model versions ${versions.modelVersions.join(', ')}`,
              `Node.js ${versions.node} on ${versions.platform}`,
            ].join('\n'),
      );
      finish(0);
    });
}
