import type { Finding } from '../../analysis/finding.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { formatCount } from '../format.ts';

/** Why a trial is not valid, as users of load tests say it. */
const WHY: Readonly<Record<string, string>> = {
  incomplete: 'incomplete',
  'late-generator': 'with a late load generator',
  'noisy-host': 'on a noisy host',
  failed: 'failed',
  'not-run': 'not run',
};

/** What is still found beside other programs, in rounds. */
const NOISE = 'ratios within a round count, absolute figures are rough';

/** `31 of 34 trials valid; 3 on a noisy host`; null where there was no trial. */
export function validityText(finding: Finding | undefined, noise = NOISE): string | null {
  const count = (name: string) => (finding && figureIn(finding, name)?.value) ?? 0;
  const planned = count('planned');
  if (planned === 0) return null;
  const rest = Object.entries(WHY).flatMap(([name, why]) => {
    const note = name === 'noisy-host' && planned > 1 ? ` (${noise})` : '';
    return count(name) === 0 ? [] : [`${formatCount(count(name))} ${why}${note}`];
  });
  const trials = planned === 1 ? 'trial' : 'trials';
  const valid = `${formatCount(count('valid'))} of ${formatCount(planned)} ${trials} valid`;
  const unchecked = count('valid-unchecked');
  const note = unchecked === 0 ? '' : ` (other programs not checked in ${formatCount(unchecked)})`;
  return [`${valid}${note}`, ...(rest.length === 0 ? [] : [rest.join(', ')])].join('; ');
}
