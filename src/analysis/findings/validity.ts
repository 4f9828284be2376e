import type { Trial } from '../../record/record.ts';
import type { Finding } from '../finding.ts';

interface Tried {
  readonly state: string;
  readonly validity: { readonly verdict: Trial['validity']['verdict'] };
  readonly machine: Pick<Trial['machine'], 'others'>;
}

/** The number of valid trials, and the reasons of the others. */
export function validityFinding(trials: readonly Tried[], planned = trials.length): Finding {
  const done = trials.filter(({ state }) => state === 'done');
  const count = (verdict: Tried['validity']['verdict']) =>
    done.filter(({ validity }) => validity.verdict === verdict).length;
  const figure = (name: string, value: number) => ({ name, value, unit: 'count' }) as const;
  const valid = count('valid');
  return {
    code: 'validity',
    subject: [],
    figures: [
      figure('planned', planned),
      figure('valid', valid),
      figure('valid-unchecked', unchecked(done)),
      figure('incomplete', count('incomplete')),
      figure('late-generator', count('generator-bound')),
      figure('noisy-host', count('disturbed')),
      figure('failed', trials.filter(({ state }) => state === 'failed').length),
      figure('not-run', planned - trials.length),
    ],
    verdict: valid === planned ? 'valid' : valid > 0 ? 'partly-valid' : 'not-valid',
    caveats: [],
  };
}

/**
 * Valid trials in which the use of other programs is unknown: a process that was killed took its own CPU account along,
 * or a target or broker was started by somebody else.
 */
function unchecked(done: readonly Tried[]): number {
  return done.filter(({ validity, machine }) => validity.verdict === 'valid' && machine.others === null)
    .length;
}
