import { NS_PER_MS, NS_PER_S, nowNs } from '../../kernel/clock.ts';
import type { GeneratorPlan, Pacing, PacingTrial } from '../../plan/generator-plan.ts';
import { napPace } from './nap.ts';
import type { Pace } from './pace.ts';
import { startThreadPace } from './thread.ts';
import { timerPace } from './timer.ts';

/** A chosen pacing that is ready. */
export interface ChosenPace extends AsyncDisposable {
  readonly pacing: Pacing;
  readonly pace: Pace;
  /** Results of the benchmark, until one was good enough; empty where the plan or the size of the load left no choice. */
  readonly candidates: readonly PacingTrial[];
}

/** Duration for which each candidate is tried, at the load's rate within these bounds. */
const TRIAL_S = 0.06;
/** Bound on one trial, beyond which its candidate is too late. All trials together stay within the bound of a step. */
const TRIAL_BOUND_MS = 1000;
const MIN_RATE_PER_S = 1000;
const MAX_RATE_PER_S = 5000;
/** The first arrivals are excluded: code gets compiled and the pacer's thread starts. */
const SKIPPED_SHARE = 0.25;
/** Loads with fewer arrivals are over sooner than a benchmark would be. */
export const FEW_ARRIVALS = 50;
/** Largest share of the timer's median lag with which a pacing is chosen ... */
const MEDIAN_SHARE = 0.5;
/** ... and no tail beyond it that a short trial's one or two pauses can't explain. */
const TAIL_NS = 5 * NS_PER_MS;

/** Chooses how to wait for instants: by the plan, or by a benchmark on this machine, now (DESIGN 3.13). */
export async function choosePace(
  wanted: GeneratorPlan['pacing'],
  count: number,
  firstRatePerS: number,
): Promise<ChosenPace> {
  await using stack = new AsyncDisposableStack();
  const ready = (pacing: Pacing, pace: Pace, candidates: readonly PacingTrial[] = []): ChosenPace => {
    const owned = stack.move();
    return { pacing, pace, candidates, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  };
  if (wanted === 'timer') return ready('timer', timerPace);
  if (wanted === 'nap' || (wanted === 'auto' && count < FEW_ARRIVALS)) return ready('nap', napPace());
  const thread = stack.use(await startThreadPace());
  if (wanted === 'thread') return ready('thread', thread.pace);

  const timed = await tryOut('timer', timerPace, firstRatePerS, 1);
  const threaded = await tryOut('thread', thread.pace, firstRatePerS, 1);
  if (isWorthIt(threaded, timed)) return ready('thread', thread.pace, [timed, threaded]);
  const napped = await tryOut('nap', napPace(), firstRatePerS, 0);
  const candidates = [timed, threaded, napped];
  if (isWorthIt(napped, timed)) return ready('nap', napPace(), candidates);
  return ready('timer', timerPace, candidates);
}

function isWorthIt(candidate: PacingTrial, timer: PacingTrial): boolean {
  const isPunctual = candidate.lagP50Ns <= timer.lagP50Ns * MEDIAN_SHARE;
  return isPunctual && candidate.lagP99Ns <= timer.lagP99Ns + TAIL_NS;
}

/**
 * Runs empty arrivals, about as dense as the load's.
 * @param open number of calls that seem to be open all the time: 0 lets a pacing nap, 1 prevents it
 */
async function tryOut(pacing: Pacing, pace: Pace, loadPerS: number, open: number): Promise<PacingTrial> {
  const ratePerS = Math.min(MAX_RATE_PER_S, Math.max(MIN_RATE_PER_S, loadPerS));
  const count = Math.ceil(ratePerS * TRIAL_S);
  const instantsNs = new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
  const lagsNs = new Float64Array(count);
  let started = 0;
  const startNs = nowNs() + NS_PER_MS;
  for (let i = 0; i < count; i++) instantsNs[i] = startNs + Math.round((i * NS_PER_S) / ratePerS);
  const before = process.cpuUsage();
  await pace(
    {
      instantsNs,
      fire: (i) => {
        lagsNs[i] = nowNs() - instantsNs[i]!;
        started = i + 1;
      },
      open: () => open,
    },
    AbortSignal.timeout(TRIAL_BOUND_MS),
  );
  for (let i = started; i < count; i++) lagsNs[i] = nowNs() - instantsNs[i]!;
  const cpu = process.cpuUsage(before);
  const rated = lagsNs.subarray(Math.floor(count * SKIPPED_SHARE)).toSorted();
  const quantile = (q: number): number => rated[Math.ceil(q * rated.length) - 1]!;
  return {
    pacing,
    lagP50Ns: quantile(0.5),
    lagP99Ns: quantile(0.99),
    cpuUsPerArrival: (cpu.user + cpu.system) / count,
  };
}
