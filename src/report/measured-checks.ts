import { kindByName } from '../plan/kinds/kinds.ts';
import type { Result, Trial } from '../record/record.ts';
import type { Check } from './view.ts';

/** Checks of a run without thresholds: each trial, measured and valid or not. */
export function measuredChecks(result: Result): Check[] {
  const timed = result.trials.filter(({ kind }) => kindByName(kind).isTimed);
  return result.patterns.flatMap(({ id, title, state, reason }) => {
    const own = timed.filter(({ pattern }) => pattern === id);
    if (own.length > 0) return own.map((trial) => trialCheck(title, trial, result));
    const text = state === 'not-run' ? `not run: ${reason ?? 'no reason is known'}` : 'no trial finished';
    return [{ suite: title, name: 'measured', state: 'skipped', verdict: 'not run', text }];
  });
}

const WORDS = {
  valid: 'valid',
  incomplete: 'incomplete',
  disturbed: 'noisy host',
  'generator-bound': 'load generator late',
};

function trialCheck(suite: string, trial: Trial, result: Result): Check {
  const name = `measured: ${nameOf(trial, result)}`;
  const { state, failure, validity } = trial;
  if (state === 'failed')
    return { suite, name, state: 'error', verdict: 'failed', text: failure ?? 'failed' };
  if (state === 'skipped')
    return { suite, name, state: 'skipped', verdict: 'not run', text: failure ?? 'not run' };
  const verdict = WORDS[validity.verdict];
  const text = [verdict, ...validity.causes.map(({ detail }) => detail)].join(': ');
  return { suite, name, state: validity.verdict === 'valid' ? 'passed' : 'skipped', verdict, text };
}

/** `10 kB, latency, round 2`. */
function nameOf({ kind, variant, case: of, round }: Trial, { scenario }: Result): string {
  const title = scenario.variants.find(({ id }) => id === variant)?.title;
  const what =
    scenario.cases.find(({ id }) => id === of)?.title ??
    kindByName(kind).words.report({ round, case: of, variant: null });
  return [title, what, `round ${round}`].filter((part) => part !== undefined).join(', ');
}
