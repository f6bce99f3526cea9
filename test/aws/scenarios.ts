import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { check, checkEqual, closingLine } from './check';
import { folderBytes } from '../support/deployment';
import { createOrganization, withStates, writeAccountsJson } from './organization';
import { SCENARIOS } from './scenario-list';
import { forbidden } from './rights';
import { World } from './world';

process.env.AWS_REGION = 'us-east-1';
process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';

/** Checks of all scenarios, and those at the end. */
const CHECKS = 144;

async function main(home: string, moto: string, cdkOut: string): Promise<number> {
  const world = await World.open(home, moto, cdkOut);
  try {
    for (const { id } of world.deployment.resources('AWS::Lambda::Function')) {
      const { assetDir } = world.deployment.function(id);
      console.log(`# ${id}: ${(folderBytes(assetDir) / 1e6).toFixed(1)} MB`);
    }
    await createOrganization(
      new OrganizationsClient({ endpoint: `http://127.0.0.1:${String(world.moto.port)}` }),
    );
    await world.writeEstate();
    world.proxy.rewrite = withStates();
    await writeAccountsJson(world.proxy, world.estate);
    await world.upload();
    for (const [name, scenario] of SCENARIOS) {
      console.log(`\n${name}`);
      world.proxy.reset();
      world.proxy.rewrite = withStates();
      const started = performance.now();
      await scenario(world);
      console.log(`       ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
    // A function that was killed cannot tidy up; its sandbox goes with it.
    const ended = world.host.invocations.filter(({ error }) => error !== 'Runtime.ExitError');
    const leftovers = ended.flatMap((invocation) => invocation.leftovers);
    checkEqual('no invocation leaves temporary files behind', leftovers, []);
    check('functions called S3, Glue and Organizations', world.calls.length > 1_000, world.calls.length);
    checkEqual('every call is allowed by the role', forbidden(world.deployment, world.calls), []);
  } catch (error) {
    console.error(error);
    checkEqual('the scenarios ran to their end', String(error), '');
  } finally {
    await world.close();
  }
  return closingLine(CHECKS);
}

const [, , home = '', moto = '', cdkOut = ''] = process.argv;
void main(home, moto, cdkOut).then((code) => {
  process.exitCode = code;
});
