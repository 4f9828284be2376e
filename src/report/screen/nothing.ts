import { isUsedFor, kindByName } from '../../plan/kinds/kinds.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import type { Result, Trial } from '../../record/record.ts';
import { plural } from '../format.ts';
import { countOf } from '../../analysis/patterns/outcomes.ts';
import { failuresText } from '../outcomes.ts';

interface Nothing {
  readonly text: string;
  readonly hint: string;
}

/** Why there is nothing to show, and what to do; undefined where there is something. */
export function nothingMeasured(result: Result, patterns: readonly PatternResult[]): Nothing | undefined {
  const measured = result.trials.filter(isMeasured);
  if (measured.length > 0) return allFailed(measured);
  const [notRun] = patterns.filter(({ record }) => record.state === 'not-run');
  const failed = result.trials.find(({ state }) => state === 'failed');
  if (failed) return failedText(failed.failure ?? 'every trial failed');
  if (notRun) {
    const { title, reason, hint } = notRun.record;
    return {
      text: `${title} not run: ${reason ?? 'no reason is known'}`,
      hint: hint ?? '`commbench doctor` shows what is missing.',
    };
  }
  const isInterrupted = result.state === 'interrupted';
  return {
    text: isInterrupted ? 'interrupted before the first trial finished' : 'no trial finished',
    hint: isInterrupted ? 'Run it again.' : 'Run again; `commbench doctor` shows what is missing.',
  };
}

/** A failure has its hint behind an arrow. */
function failedText(failure: string): Nothing {
  const at = failure.lastIndexOf(' → ');
  return at < 0
    ? { text: failure, hint: 'See the reason, and run again.' }
    : { text: failure.slice(0, at), hint: failure.slice(at + ' → '.length) };
}

function isMeasured({ state, kind }: Trial): boolean {
  return state === 'done' && kindByName(kind).isTimed;
}

/** Not one call of a run without faults was answered. */
function allFailed(trials: readonly Trial[]): Nothing | undefined {
  if (!trials.every(({ kind }) => isUsedFor(kind, 'latency'))) return undefined;
  const phases = trials.flatMap((trial) => trial.phases);
  const calls = phases.reduce((n, { planned }) => n + planned, 0);
  if (calls === 0 || countOf(phases, 'ok') > 0) return undefined;
  const how = failuresText(phases);
  const isRefused = phases.every(({ outcomes }) => Object.keys(outcomes).every((one) => one === 'refused'));
  const server = isRefused
    ? 'server unreachable (connection refused)'
    : `every one of ${plural(calls, 'call')} failed: ${how}`;
  return { text: server, hint: 'Start the server, or check its address and contract.' };
}
