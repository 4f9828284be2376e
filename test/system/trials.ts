import type { Entry } from '../../src/plan/spec.ts';
import { loadCatalogue } from '../../src/transports/discover.ts';
import { parse } from 'yaml';
import type { StartedBroker } from '../../src/kernel/broker.ts';
import { silentProgress } from '../../src/trial/progress.ts';
import type { RawTrial } from '../../src/trial/raw-trial.ts';
import { openTestbed } from '../../src/trial/environment/testbed.ts';
import { resolvePatterns } from '../../src/plan/resolve-patterns.ts';
import { runTrial } from '../../src/trial/trial.ts';
import { orderTrials } from '../../src/plan/trial-order.ts';
import { specOf } from '../../src/plan/trial-plan.ts';
import type { Trial } from '../../src/record/record.ts';
import { scenarioSchema } from '../../src/scenario/schema/schema.ts';

type Which = Partial<Pick<Entry, 'pattern' | 'variant' | 'kind'>>;

/** Single trials of a scenario on real processes, as a run has them; disposing ends whatever is left of them. */
export interface Trials extends AsyncDisposable {
  /** The first trial of this kind, of the fault by default; fails the test where it fails. */
  run(which?: Which, seed?: number): Promise<{ readonly trial: Trial; readonly raw: RawTrial }>;
}

/** @param urls of brokers that are there, by name */
export async function openTrials(
  text: string,
  urls: Readonly<Record<string, string>> = {},
  generators = 1,
): Promise<Trials> {
  const scenario = scenarioSchema.parse(parse(text));
  const choice = { patterns: undefined, targets: {}, allowRemote: [] };
  const patterns = await resolvePatterns(scenario, choice, await loadCatalogue());
  await using stack = new AsyncDisposableStack();
  const signal = new AbortController().signal;
  const testbed = stack.use(await openTestbed({ progress: silentProgress, signal, generators }));
  for (const [name, url] of Object.entries(urls)) testbed.brokers.set(name, brokerAt(name, url));
  const owned = stack.move();
  let ran = 0;
  return {
    async run(which = {}, seed = 1) {
      const wanted = { kind: 'fault', ...which };
      const entry = orderTrials(scenario, patterns, seed).find((one) =>
        Object.entries(wanted).every(([name, value]) => one[name as keyof Entry] === value),
      );
      if (!entry) throw new Error(`Expected a trial of ${JSON.stringify(wanted)}`);
      const pattern = patterns.find(({ id }) => id === entry.pattern)!;
      const { trial, raw } = await runTrial(
        testbed,
        specOf({ ...entry, id: ++ran }, { scenario, seed, pattern }),
      );
      if (!raw) throw new Error(trial.failure ?? 'a failed trial');
      return { trial, raw };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Somebody else's, as it is: only what is counted is looked at, so that it need not be warm. */
function brokerAt(name: string, url: string): StartedBroker {
  return {
    name,
    kind: 'broker',
    url,
    endpoints: [{ url }],
    version: 'unknown',
    source: 'url',
    pids: [],
    lost: new Promise(() => undefined),
    warm: () => Promise.resolve(''),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
