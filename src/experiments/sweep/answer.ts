import type { Knee } from '../../measure/stats/knee.ts';
import { formatRate, formatUs, quantileName } from '../../report/format.ts';
import type { Objective, Sweep } from './record.ts';
import { metBy, saturatedFrom, type SweptPattern } from './points.ts';

/** The findings, one sentence each; the first is the headline. */
export function sweepAnswer(record: Sweep, patterns: readonly SweptPattern[]): string[] {
  const early = record.state === 'interrupted' ? ['Ended early: these are the results so far.'] : [];
  if (record.trials.length === 0) return ['Nothing was measured.', ...early];
  const { objective, quantile } = record.design;
  const run = patterns.filter(({ pattern }) => pattern.state === 'run');
  const each = (of: (pattern: SweptPattern) => string) =>
    run.map((pattern) => `${pattern.pattern.title} ${of(pattern)}`).join('; ');
  return [
    ...(objective
      ? [`${objective.text} is met up to: ${each((pattern) => metText(pattern, objective))}.`]
      : []),
    `Latency (${quantileName(quantile)}) begins to grow faster than load at: ${each(({ knee }) => kneeText(knee))}.`,
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

export function metText(pattern: SweptPattern, objective: Objective): string {
  const { metPerS, missedPerS, missedUs } = metBy(pattern, objective);
  if (metPerS === null && missedPerS === null) return 'inconclusive';
  const met = metPerS === null ? 'no rate' : formatRate(metPerS);
  if (missedPerS === null) return `${met} or above`;
  const found = missedUs === null ? 'saturated' : formatUs(missedUs);
  return `${met} (${formatRate(missedPerS)}: ${found})`;
}

function saturatedText(patterns: readonly SweptPattern[]): string[] {
  const seen = patterns.flatMap((pattern) => {
    const from = saturatedFrom(pattern);
    return from === undefined ? [] : [`${pattern.pattern.title} from ${formatRate(from)}`];
  });
  return seen.length === 0 ? ['No pattern was saturated.'] : [`Saturated: ${seen.join('; ')}.`];
}
