import { firstRate, type LoadShape } from '../kernel/load-shape.ts';
import { outageTrialMs, type Scenario } from '../scenario/schema/schema.ts';
import type { Entry } from './entry.ts';
import { faultTimeline } from './fault-phases.ts';
import type { PhaseWindow, Timeline } from './spec.ts';

/** A no-op baseline is a median beside medians: so much gives it 100 calls at 200/s. */
const NOOP_MS = 500;

/** @param busyPerS of an idle trial: the rate of its busy blocks */
export function timelineOf(
  entry: Pick<Entry, 'kind' | 'case'>,
  scenario: Scenario,
  busyPerS: number,
): Timeline {
  const { load, durationMs, serviceOutage, brokerOutage, idleBusy, wireBytes } = scenario;
  switch (entry.kind) {
    case 'latency':
      return steady(load, durationMs);
    case 'noop':
      return steady(load, Math.min(NOOP_MS, durationMs));
    case 'wire-bytes': {
      const ratePerS = firstRate(load);
      return steady({ shape: 'constant', ratePerS }, Math.round((wireBytes!.calls * 1000) / ratePerS));
    }
    case 'service-outage':
      return disturbed(load, serviceOutage!, 'service');
    case 'broker-outage':
      return disturbed(load, brokerOutage!, 'broker');
    case 'idle-busy':
      return alternating(idleBusy!, busyPerS);
    case 'fault':
    case 'control':
      return faultTimeline(entry, scenario);
  }
}

function steady(load: LoadShape, durationMs: number): Timeline {
  return { load, durationMs, phases: [{ name: 'baseline', fromMs: 0, toMs: durationMs }], faults: [] };
}

function disturbed(
  load: LoadShape,
  fault: NonNullable<Scenario['serviceOutage']>,
  on: 'service' | 'broker',
): Timeline {
  const { atMs, forMs } = fault;
  const durationMs = outageTrialMs(fault);
  const phases: PhaseWindow[] = [
    { name: 'baseline', fromMs: 0, toMs: atMs },
    { name: 'outage', fromMs: atMs, toMs: atMs + forMs },
    { name: 'recovery', fromMs: atMs + forMs, toMs: durationMs },
  ];
  return {
    load,
    durationMs,
    phases: phases.filter((p) => p.toMs > p.fromMs),
    faults: [{ id: fault.do, do: fault.do, on, atMs, forMs, options: {} }],
  };
}

/** Blocks in pairs, so that each pair is compared within itself, whatever drifts meanwhile. */
function alternating(idleBusy: NonNullable<Scenario['idleBusy']>, busyPerS: number): Timeline {
  const { idlePerS, idleMs, busyMs, blocks } = idleBusy;
  const pairMs = idleMs + busyMs;
  const pairs = Array.from({ length: blocks }, (_, i) => i);
  return {
    load: {
      shape: 'steps',
      steps: pairs.flatMap(() => [
        { ratePerS: idlePerS, forMs: idleMs },
        { ratePerS: busyPerS, forMs: busyMs },
      ]),
    },
    durationMs: blocks * pairMs,
    phases: pairs.flatMap((i) => [
      { name: `idle-${i + 1}`, fromMs: i * pairMs, toMs: i * pairMs + idleMs },
      { name: `busy-${i + 1}`, fromMs: i * pairMs + idleMs, toMs: (i + 1) * pairMs },
    ]),
    faults: [],
  };
}
