import { loadCatalogue } from '../../src/transports/discover.ts';
import { NS_PER_S } from '../../src/kernel/clock.ts';
import { rateSpec } from '../../src/experiments/search/rate-trial.ts';
import { openTestbed, type Testbed } from '../../src/trial/environment/testbed.ts';
import { silentProgress, type TrialStage } from '../../src/trial/progress.ts';
import { resolvePatterns } from '../../src/plan/resolve-patterns.ts';
import { runTrial, type TrialOutput } from '../../src/trial/trial.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';
import { type Case, DURATION_MS, type Seen, CONCURRENCY } from './cases.ts';
import { interfere } from './interfere.ts';

/**
 * One trial by real processes, and its verdicts: nothing is passed to the assessment, only done to the processes
 * and to the machine.
 */
export async function provoke(one: Case, seed: number, signal: AbortSignal): Promise<Seen> {
  const { scenario: shipped } = await loadScenario('rest-vs-queue', []);
  const scenario = {
    ...shipped,
    service: { ...shipped.service, concurrency: CONCURRENCY, processingMs: one.processingMs },
  };
  const choice = { patterns: ['rest'], targets: {}, allowRemote: [] };
  const [pattern] = await resolvePatterns(scenario, choice, await loadCatalogue());
  const at = { id: 1, round: 1, ratePerS: one.ratePerS, durationMs: DURATION_MS, kind: 'latency' } as const;
  const spec = rateSpec(scenario, seed, pattern!, at);
  await using stack = new AsyncDisposableStack();
  let generator: number | undefined;
  // The last stage before the load is measured.
  const phase = ({ name }: TrialStage) => {
    if (name === 'settling') stack.use(interfere(one.interference, generator!));
  };
  const testbed = stack.use(await openTestbed({ progress: { ...silentProgress, phase }, signal }));
  const output = await runTrial(
    watched(testbed, (pid) => (generator = pid)),
    spec,
  );
  return seenIn(output, one.ratePerS);
}

/** The same testbed, which tells the pid of the generator that it starts. */
function watched(testbed: Testbed, onGenerator: (pid: number) => void): Testbed {
  return {
    ...testbed,
    spawner: {
      async spawn(program) {
        const started = await testbed.spawner.spawn(program);
        if (program.name.startsWith('generator')) onGenerator(started.pid);
        return started;
      },
    },
  };
}

function seenIn({ trial, raw }: TrialOutput, ratePerS: number): Seen {
  const { validity, load, machine } = trial;
  return {
    validity: validity.verdict,
    load: load.verdict,
    causes: validity.causes,
    reached: raw ? reachedOf(raw.logs.arrivals, ratePerS) : 0,
    othersShare: machine.others,
  };
}

/** As a tool would say that only counts what it sent. */
function reachedOf(
  { dispatchedNs, startNs }: NonNullable<TrialOutput['raw']>['logs']['arrivals'],
  ratePerS: number,
): number {
  const sent = dispatchedNs.filter((ns) => !Number.isNaN(ns));
  const lastNs = sent.reduce((last, ns) => Math.max(last, ns), startNs);
  // As long as the last arrival's own place, too.
  const seconds = (lastNs - startNs) / NS_PER_S + 1 / ratePerS;
  return sent.length / seconds / ratePerS;
}
