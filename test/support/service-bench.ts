import { isQueued } from '../../src/contracts/interactions.ts';
import path from 'node:path';
import type { Address } from '../../src/kernel/transport.ts';
import { type Effect, openEffectReader } from '../../src/measure/logs/effect-log.ts';
import { silentProgress } from '../../src/trial/progress.ts';
import { openTestbed } from '../../src/trial/environment/testbed.ts';
import { type RunningService, startService } from '../../src/components/service/start-service.ts';
import type { ServiceConfig } from '../../src/plan/service-config.ts';
import type { Subject } from './transport-bench.ts';

/** Real service processes, with reaper and hub; disposing ends them and removes their folder. */
export interface ServiceTestbed extends AsyncDisposable {
  readonly folder: string;
  start(settings: Partial<ServiceConfig>, address: Address | undefined): Promise<RunningService>;
  /** Everything in the effect log so far. */
  effects(): Effect[];
  /** Waits until the log holds so many effects that match; the test's own bound ends it. */
  holds(count: number, matches?: (effect: Effect) => boolean): Promise<Effect[]>;
  /** Waits until each of these sequences has at least one effect. */
  holdsEach(sequences: ReadonlySet<number>): Promise<void>;
}

export async function openServiceTestbed({
  name,
  definition,
  interaction,
  options,
}: Subject): Promise<ServiceTestbed> {
  const testbed = await openTestbed({ progress: silentProgress, signal: new AbortController().signal });
  const effectLogPath = path.join(testbed.folder, 'effects.bin');
  const reader = openEffectReader(effectLogPath);
  const effects: Effect[] = [];
  const read = () => {
    effects.push(...reader.read());
    return effects;
  };
  return {
    folder: testbed.folder,
    start: (settings, address) =>
      startService(
        testbed,
        {
          name: `service-${settings.subscriber ?? 0}`,
          transport: name,
          interaction,
          options: definition.options.parse({ ...options }),
          isBrokers: isQueued(definition, interaction),
          contract: 'users',
          address: address ?? null,
          concurrency: 4,
          queue: 1000,
          processingMs: 0,
          subscriber: 0,
          effectLogPath,
          countBytes: false,
          seededDefects: null,
          hop: null,
          ...settings,
        },
        testbed.signal,
      ),
    effects: read,
    async holds(count, matches = () => true) {
      // The log is a file: whether it has grown can only be looked up.
      while (read().filter(matches).length < count) await new Promise((resolve) => setImmediate(resolve));
      return effects;
    },
    async holdsEach(sequences) {
      while (!sequences.isSubsetOf(new Set(read().map((effect) => effect.sequence)))) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async [Symbol.asyncDispose]() {
      reader[Symbol.dispose]();
      await testbed[Symbol.asyncDispose]();
    },
  };
}
