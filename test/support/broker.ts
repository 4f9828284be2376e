import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { cacheFolder } from '../../src/platform/packages/cache-folder.ts';
import type { BrokerDefinition, StartedBroker } from '../../src/kernel/broker.ts';
import { silentProgress } from '../../src/trial/progress.ts';
import { openTestbed, type Testbed } from '../../src/trial/environment/testbed.ts';
import { loadBrokerDefinition } from '../../src/components/broker/broker-definitions.ts';
import type { BrokerAnswer } from './broker-url.ts';

/**
 * One broker of each kind for a whole test run, started when the first test asks for it: a run that
 * needs none pays nothing. Tests ask over a Unix socket (see `broker-url.ts`), whatever process they are in.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let testbed: Promise<Testbed & AsyncDisposable> | undefined;
  const started = new Map<string, Promise<BrokerAnswer>>();
  const office = createServer((request, response) => {
    const name = request.url!.slice(1);
    testbed ??= openTestbed({ progress: silentProgress, signal: new AbortController().signal });
    if (!started.has(name)) started.set(name, startByName(testbed, name));
    void started.get(name)!.then((answer) => response.end(JSON.stringify(answer)));
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'commbench-brokers-'));
  const socketPath = path.join(folder, 'brokers.sock');
  await new Promise<void>((resolve) => office.listen(socketPath, resolve));
  project.provide('brokerOffice', socketPath);
  return async () => {
    await close(office);
    rmSync(folder, { recursive: true, force: true });
    await (await testbed)?.[Symbol.asyncDispose]();
  };
}

async function startByName(opened: Promise<Testbed>, name: string): Promise<BrokerAnswer> {
  try {
    const testbed = await opened;
    return await start(testbed, await loadBrokerDefinition(name));
  } catch (error) {
    return { state: 'missing', why: String(error) };
  }
}

async function start(testbed: Testbed, definition: BrokerDefinition): Promise<BrokerAnswer> {
  const folder = path.join(testbed.folder, definition.name);
  mkdirSync(folder, { mode: 0o700 });
  const context = { url: undefined, cacheFolder: cacheFolder(), signal: testbed.signal, folder };
  const plan = await definition.find(context);
  if (plan.state === 'unavailable') {
    return { state: 'missing', why: `${plan.searched.join('; ')}. Cure: ${plan.hint}` };
  }
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  const broker: StartedBroker = await definition.start(plan, {
    ...context,
    spawner: testbed.spawner,
    progress,
  });
  // Disposing the testbed ends it.
  testbed.brokers.set(definition.name, broker);
  return { state: 'here', url: broker.url };
}

async function close(office: Server): Promise<void> {
  office.closeAllConnections();
  await new Promise((resolve) => office.close(resolve));
}
