import type { ComplexityCategory } from '../../kernel/complexity.ts';
import type { OutageEvidence, WordEvidence } from '../../analysis/claims/words/word.ts';
import type { BlockPair, Variability } from '../../analysis/patterns/variability.ts';
import {
  formatCount,
  formatInterval,
  formatMs,
  formatRatio,
  formatShare,
  formatUs,
  plural,
} from '../format.ts';
import { excludedText } from '../reasons/median-text.ts';
import { variabilityText } from '../reasons/variability-text.ts';
import { worded } from '../template.ts';
import type { CaveatCount } from '../../analysis/patterns/caveat.ts';

/** A figure behind a judged word, in one line. */
export const wordEvidenceText = worded<WordEvidence>({
  'median-ratios': ({ of, reference, rounds }) => {
    const each = rounds.map(
      (one) => `round ${one.round} ${formatUs(one.us)} / ${formatUs(one.ofUs)} = ${formatRatio(one.ratio)}`,
    );
    return `completion p50, ${of} / ${reference}: ${each.join(', ')}`;
  },
  'excluded-rounds': ({ excluded }) => `excluded: ${excluded.map(excludedText).join('; ')}`,
  'ratio-interval': ({ interval }) =>
    `${plural(interval.pairs, 'round')}: ratio ${formatInterval(interval)} at 95 %`,
  'idle-and-busy': ({ variability }) => idleAndBusyText(variability),
  'complexity-items': ({ category, points, items }) => {
    const name = items.length === 1 ? category : PLURALS[category];
    return `${plural(points, 'point')}, ${items.length} ${name}: ${items.join('; ')}`;
  },
  'adapter-lines': ({ lines }) =>
    `our adapter with all libraries that it can use, not counted: ${plural(lines, 'line')}`,
  'outage-counts': outageText,
});

const PLURALS: Readonly<Record<ComplexityCategory, string>> = {
  process: 'processes',
  state: 'states',
  setting: 'settings',
  artefact: 'artefacts',
};

function idleAndBusyText({ found, pairs, interval, reason }: Variability): string {
  const why = reason === null ? '' : variabilityText(reason);
  if (!interval) return `idle and busy: ${why}`;
  const each = pairs.map(pairText).join(', ');
  const is = found === 'unknown' ? `inconclusive whether it is variable (${why})` : found;
  return `busy / idle p50: ${each}; ${plural(pairs.length, 'pair')}: ${formatInterval(interval)} at 95 %: ${is}`;
}

function pairText({ idleUs, busyUs, ratio }: BlockPair): string {
  return `${formatUs(busyUs)} / ${formatUs(idleUs)} = ${formatRatio(ratio)}`;
}

function outageText({ who, how, downMs, coupling, served: word, caveat }: OutageEvidence): string {
  const verb = how === 'freeze' ? 'frozen' : 'killed';
  const hasCaveat = caveatText(caveat);
  if (!coupling) return `${who} ${verb}: no call was intended while it was down${hasCaveat}`;
  const { intended, served, finallyDone, verdict } = coupling;
  const share = (n: number) => `${formatCount(n)} (${formatShare(n / intended)})`;
  return `${who} ${verb}: ${formatCount(intended)} calls were due in the ${formatMs(downMs)} in which it was down; ${share(served)} ${word}, ${share(finallyDone)} finally done: ${verdict}${hasCaveat}`;
}

/** ` [measurement disturbed]`, ` [1 of 5 rounds disturbed]`: stands beside a figure of these trials. */
function caveatText(caveat: CaveatCount | null, unit: 'rounds' | 'trials' = 'rounds'): string {
  if (!caveat) return '';
  const { verdict, affected, of } = caveat;
  return affected === of ? ` [validity: ${verdict}]` : ` [${affected} of ${of} ${unit} ${verdict}]`;
}
