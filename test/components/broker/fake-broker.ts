import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { defineBroker } from '../../../src/components/broker/define-broker.ts';
import type { BrokerClient, BrokerRecipe } from '../../../src/components/broker/recipe.ts';
import type { BrokerDefinition } from '../../../src/kernel/broker.ts';
import { untilAborted } from '../../../src/kernel/wait.ts';
import { lineSplitter } from '../../../src/platform/ipc/ndjson.ts';
import { freePorts } from '../../../src/platform/net/ports.ts';
import type { JarRecipe } from '../../../src/platform/packages/recipe.ts';
import { lastOutputOf } from '../../../src/platform/process/last-output.ts';

/** What a real broker's package holds: here, one program for Node. */
export const FAKE_PROGRAM = path.join(import.meta.dirname, 'fixtures/fake-broker-server.ts');
const CONTENT = readFileSync(FAKE_PROGRAM);
const WARM_MESSAGES = 50;

interface FakeProgram {
  readonly version: string;
  readonly file: string;
}

type Packages = readonly [JarRecipe, ...JarRecipe[]];

/**
 * @param isInstalled on this system; else it is fetched from a Maven repository, once
 * @param packages where it may come from
 */
export function fakeBroker(isInstalled: boolean, packages: Packages = [fakePackage]): BrokerDefinition {
  const recipe: BrokerRecipe<FakeProgram> = {
    name: 'fake',
    title: 'Fake',
    schemes: ['fake'],
    exampleUrl: 'fake://127.0.0.1:7000',
    needs: 'to put words',
    compose: { image: 'fake:1.0', ports: ['127.0.0.1:${COMMBENCH_FAKE_PORT:-7000}:7000'] },
    programs: {
      recipes: () => packages,
      installed: async () => (isInstalled ? programIn(FAKE_PROGRAM) : 'no fake broker is installed'),
      unpacked: async (folder) => programIn(path.join(folder, path.basename(FAKE_PROGRAM))),
      describe: ({ file }) => file,
    },
    install: { brew: 'brew install fake', dnf: 'sudo dnf install fake', other: 'Install a fake broker' },
    client: fakeClient,
    lastOutput: ({ outputPath }) => lastOutputOf(outputPath),
    urlAt: (port) => `fake://127.0.0.1:${port}`,
    async prepare({ programs }, context) {
      const folder = mkdtempSync(path.join(context.folder, 'fake-'));
      const [port] = (await freePorts(1)) as [number];
      const spec = {
        name: path.basename(folder),
        file: process.execPath,
        args: [programs.file, String(port), path.join(folder, 'words')],
        outputPath: path.join(folder, 'output.log'),
      };
      return { spec, url: `fake://127.0.0.1:${port}` };
    },
  };
  return defineBroker(recipe);
}

function programIn(file: string): FakeProgram {
  return { version: '1.0', file };
}

export const fakePackage: JarRecipe = {
  kind: 'jar',
  name: 'fake',
  title: 'Fake',
  format: 1,
  version: '1.0',
  files: [
    {
      path: `org/fake/1.0/${path.basename(FAKE_PROGRAM)}`,
      sha256: createHash('sha256').update(CONTENT).digest('hex'),
      bytes: CONTENT.length,
    },
  ],
  pom: '',
  bytes: CONTENT.length,
  seconds: 1,
  diskBytes: 1_000_000,
  hint: 'Install a fake broker',
  finish: async () => '1.0',
};

const fakeClient: BrokerClient = {
  greet: (url, { signal }) => ask(url, 'hello', signal),
  prove: (url, signal) => ask(url, 'put ready', signal),
  async warm(url, signal) {
    for (let i = 0; i < WARM_MESSAGES; i++) await ask(url, `put warm-${i}`, signal);
    return `${WARM_MESSAGES} words put`;
  },
};

/** One order on a connection of its own. */
export async function ask(url: string, order: string, signal: AbortSignal): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  socket.once('error', reject).once('close', () => reject(new Error('it closed the connection')));
  socket.setEncoding('utf8').on('data', lineSplitter(resolve));
  socket.write(`${order}\n`);
  try {
    return await untilAborted(promise, signal);
  } finally {
    socket.destroy();
  }
}
