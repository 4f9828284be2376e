import { cacheFolder } from '../../src/platform/packages/cache-folder.ts';
import type { StartedBroker } from '../../src/kernel/broker.ts';
import type { ProgramSpec, Spawner } from '../../src/kernel/program.ts';
import { silentProgress } from '../../src/trial/progress.ts';
import { openTestbed } from '../../src/trial/environment/testbed.ts';
import { loadBrokerDefinition } from '../../src/components/broker/broker-definitions.ts';

/**
 * A broker of one test's own, which it may kill.
 * @param adjust changes the files of a program that is about to be started
 */
export async function startOwnBroker(
  name: string,
  adjust: (spec: ProgramSpec) => void = () => {},
): Promise<Pick<StartedBroker, 'url' | 'faultTarget'> & AsyncDisposable> {
  const testbed = await openTestbed({ progress: silentProgress, signal: new AbortController().signal });
  const broker = await loadBrokerDefinition(name);
  const { folder, signal } = testbed;
  const spawner: Spawner = {
    spawn(spec) {
      adjust(spec);
      return testbed.spawner.spawn(spec);
    },
  };
  const context = { url: undefined, cacheFolder: cacheFolder(), signal };
  const plan = await broker.find(context);
  const started = await broker.start(plan, { ...context, folder, spawner, progress: () => undefined });
  // Disposing the testbed ends it.
  testbed.brokers.set(started.name, started);
  const { url, faultTarget } = started;
  return {
    url,
    ...(faultTarget && { faultTarget }),
    [Symbol.asyncDispose]: () => testbed[Symbol.asyncDispose](),
  };
}
