import type { Knee } from '../../measure/stats/knee.ts';
import { formatRate, formatUs, quantileName } from '../../report/format.ts';
import type { Warning } from '../../report/view.ts';
import type { Objective, Sweep } from './record.ts';
import { metBy, saturatedFrom, type SweptPattern } from './points.ts';

/** The findings of a sweep, one sentence each; the first is the headline. */
export function sweepAnswer(
  record: Sweep,
  patterns: readonly SweptPattern[],
  warnings: readonly Warning[],
): string[] {
  const early =
    record.state === 'interrupted' ? ['Interrupted: these are the trials that were finished.'] : [];
  if (record.trials.length === 0)
    return [`No results: ${warnings.map(({ text }) => text).join(' ') || 'no trial finished.'}`];
  const { objective, quantile } = record.design;
  const run = patterns.filter(({ pattern }) => pattern.state === 'run');
  const each = (of: (pattern: SweptPattern) => string) =>
    run.map((pattern) => `${pattern.pattern.title} ${of(pattern)}`).join(', ');
  return [
    ...(objective
      ? [`${objective.text} is met up to: ${each((pattern) => metText(pattern, objective))}.`]
      : []),
    `${quantileName(quantile)} grows faster than load from: ${each(({ knee }) => kneeText(knee))}.`,
    ...saturatedText(run),
    ...early,
  ];
}

/** `800/s [500/s–1,270/s]`. */
export function kneeText(knee: Knee): string {
  switch (knee.state) {
    case 'known':
      return `${formatRate(knee.atPerS)} [${formatRate(knee.lowPerS)}–${formatRate(knee.highPerS)}]`;
    case 'above':
      return `${formatRate(knee.perS)} or above`;
    case 'below':
      return `${formatRate(knee.perS)} or below`;
    case 'unknown':
      return 'inconclusive';
  }
}

/** `800/s (1,000/s: 31.2 ms)`. */
function metText(pattern: SweptPattern, objective: Objective): string {
  const { text, below } = metTexts(pattern, objective);
  return below === null ? text : `${text} (${below})`;
}

/** The highest rate at which the objective was met, and the first at which it was missed. */
export function metTexts(
  pattern: SweptPattern,
  objective: Objective,
): { readonly text: string; readonly below: string | null } {
  const { metPerS, missedPerS, missedUs } = metBy(pattern, objective);
  if (metPerS === null && missedPerS === null) return { text: 'inconclusive', below: null };
  const met = metPerS === null ? 'no rate' : formatRate(metPerS);
  if (missedPerS === null) return { text: `${met} or above`, below: null };
  const found = missedUs === null ? 'saturated' : formatUs(missedUs);
  return { text: met, below: `${formatRate(missedPerS)}: ${found}` };
}

function saturatedText(patterns: readonly SweptPattern[]): string[] {
  const seen = patterns.flatMap((pattern) => {
    const from = saturatedFrom(pattern);
    return from === undefined ? [] : [`${pattern.pattern.title} ${formatRate(from)}`];
  });
  return seen.length === 0 ? ['No pattern was saturated.'] : [`Saturated from: ${seen.join(', ')}.`];
}
