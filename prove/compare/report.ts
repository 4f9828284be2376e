import type { Simulated } from '../compare.ts';

/** What was simulated, and for each true change: how often each verdict came, bounds of the errors, and the power. */
export function textOf(simulated: readonly Simulated[]): string {
  return simulated
    .map((one, i) =>
      simulated[i - 1]?.name === one.name ? linesOf(one) : `${one.name}: ${one.what}\n${linesOf(one)}`,
    )
    .join('\n');
}

function linesOf(one: Simulated): string {
  const { times, verdicts, comparisons, falseRegressed, falseEquivalent, power, endedAfter } = one;
  const share = (count: number) => percent(count / comparisons);
  const bound = (what: string, found: Simulated['falseRegressed']) =>
    found === null ? [] : [`false ${what} ${percent(found.share)} (below ${percent(found.upper)})`];
  const ended = Object.entries(endedAfter).filter(([pairs]) => pairs !== '0');
  const verdictsText = Object.entries(verdicts).map(([verdict, count]) => `${verdict} ${share(count)}`);
  return [
    `  true change ${times} x the margin: ${verdictsText.join(', ')}`,
    `    ${[
      ...bound('regressed', falseRegressed),
      ...bound('equivalent', falseEquivalent),
      ...(power === null ? [] : [`power ${percent(power)}`]),
    ].join(', ')}`,
    ...(ended.length === 0
      ? []
      : [`    ended after ${ended.map(([pairs, n]) => `${pairs} pairs ${share(n)}`).join(', ')}`]),
  ].join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
