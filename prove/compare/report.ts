import type { Simulated } from '../compare.ts';

/** One line a cell: how often each verdict was given, the bounds of the errors, and how often the truth was found. */
export function textOf(simulated: readonly Simulated[]): string {
  return simulated.map(lineOf).join('\n');
}

function lineOf(one: Simulated): string {
  const { name, times, verdicts, comparisons, falseRegressed, falseEquivalent, power, endedAfter } = one;
  const share = (count: number) => percent(count / comparisons);
  const bound = (what: string, found: Simulated['falseRegressed']) =>
    found === null ? [] : [`false ${what} ${percent(found.share)} (at most ${percent(found.upper)})`];
  const ended = Object.entries(endedAfter).filter(([pairs]) => pairs !== '0');
  return [
    `${name}, true change ${times} x the margin:`,
    `improved ${share(verdicts.improved)}, equivalent ${share(verdicts.equivalent)}, regressed ${share(verdicts.regressed)}, inconclusive ${share(verdicts.inconclusive)};`,
    [...bound('regressed', falseRegressed), ...bound('equivalent', falseEquivalent)].join(', '),
    ...(power === null ? [] : [`; power ${percent(power)}`]),
    ...(ended.length === 0
      ? []
      : [`; ended after ${ended.map(([pairs, n]) => `${pairs}: ${share(n)}`).join(', ')}`]),
  ].join(' ');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
