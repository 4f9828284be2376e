import type {
  Comparison,
  ComparisonNote,
  DescribedFigure,
  DifferenceValue,
  ExcludedPair,
  InvariantRule,
  MeanDifference,
  NoPair,
} from '../../analysis/compare/comparison.ts';
import type { FigureUnit } from '../../analysis/finding.ts';
import { formatFigure, formatLimit, formatPointsInterval, formatShare, plural } from '../format.ts';
import { loadText } from '../load-text.ts';
import { MEDIAN_TEXTS } from '../reasons/median-text.ts';
import { worded } from '../template.ts';

/** Value of an option that a side has not set. */
const NONE = '–';

/** `200/s and 500/s`: the values that a side has. */
export function sideValuesText(values: readonly DifferenceValue[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? value : loadText(value)));
  return texts.length === 0 ? NONE : texts.join(' and ');
}

export const DESCRIBED_NAMES: Readonly<Record<DescribedFigure, string>> = {
  'response-p50': 'response p50',
  'response-p90': 'response p90',
  'response-p99': 'response p99',
  'completion-p50': 'completion p50',
  'completion-p99': 'completion p99',
  'first-item-p50': 'first item p50',
  'answered-ok': 'answered ok',
  'closed-loop': 'closed loop of the warm-up',
  'cpu-caller': 'CPU of the caller',
  'cpu-service': 'CPU of the service',
  'cpu-broker': 'CPU of the broker',
  'memory-service': 'memory of the service',
  'memory-caller': 'memory of the caller',
  'bytes-per-call': 'bytes per call',
  'success-in-fault': 'correct while the fault lasted',
  'goodput-in-fault': 'goodput while the fault lasted',
  recovery: 'time to recover, median',
  'not-recovered': 'trials not recovered',
  amplification: 'tries per call at the leaf',
  'wasted-work': 'work wasted from the fault on',
};

/** `+45/s [+40/s to +50/s]`: candidate − baseline. */
export function differenceText({ mean, low, high }: MeanDifference, unit: FigureUnit): string {
  if (unit === 'share') return formatPointsInterval({ difference: mean, low, high });
  const text = (value: number) => `${value < 0 ? '−' : '+'}${formatFigure(Math.abs(value), unit)}`;
  return `${text(mean)} [${text(low)} to ${text(high)}]`;
}

const pairText = worded<NoPair>({
  ...MEDIAN_TEXTS,
  'few-blocks': ({ usable, needed }) =>
    `${usable} usable blocks beside each other, at least ${needed} are needed`,
  'one-sided': ({ baseline, candidate }) =>
    `other programs struck one side alone: they used ${formatShare(baseline)} of all cores beside the baseline, ${formatShare(candidate)} beside the candidate`,
});

/** `round 3: baseline: its trial failed`, or of runs apart `baseline a.json, round 3: its trial failed`. */
export function excludedPairText({ round, file, side, why }: ExcludedPair, how: Comparison['how']): string {
  const text = pairText(why);
  if (how === 'unpaired') return `${side}${file === null ? '' : ` ${file}`}, round ${round}: ${text}`;
  return `${file === null ? '' : `${file}, `}round ${round}: ${side === null ? '' : `${side}: `}${text}`;
}

/** The rule that an invariant was judged by, with its figures. */
export const ruleText = worded<InvariantRule>({
  'any-allowed': ({ delivery }) => `any number is within ${promiseText(delivery)}`,
  'none-allowed': ({ delivery }) => `none allowed: it would be beyond ${promiseText(delivery)}`,
  'not-more': ({ delivery, brokenBelow }) =>
    `beyond ${promiseText(delivery)}, and no more than the baseline's by an exact test (p ${brokenBelow})`,
  'exact-test': ({ p, brokenBelow }) =>
    `one-sided exact test: p ${probabilityText(p)}, broken below ${brokenBelow}`,
});

function promiseText(delivery: string): string {
  return delivery === 'unknown' ? 'what anybody promised' : delivery;
}

function probabilityText(p: number): string {
  if (p >= 0.995) return '1';
  return p < 0.0001 ? 'below 0.0001' : p.toPrecision(2);
}

/** Most reasons end with what to do, and a full stop. */
function reasonText(reason: string | null | undefined): string {
  return reason?.replace(/\.$/, '') ?? 'no reason given';
}

export const comparisonNoteText = worded<ComparisonNote>({
  'not-interleaved': ({ deviation }) => {
    const source =
      deviation === undefined
        ? ''
        : ` (medians of identical runs were seen to vary by ${formatLimit(deviation)})`;
    return `Not interleaved: widened by the noise between sessions${source}.`;
  },
  'only-in': ({ name, side }) => `${name} is in the ${side} only.`,
  'pattern-not-run': ({ name, side, reason }) => `${name} was not run in the ${side}: ${reasonText(reason)}.`,
  'no-trial': ({ name, side }) => `${name} has no finished trial in the ${side}.`,
  'trials-failed': ({ name, side, failed, of, reason }) =>
    `${name}: ${failed} of ${plural(of, 'trial')} failed in the ${side}: ${reasonText(reason)}.`,
  'stream-end': ({ name }) =>
    `${name}: compared by the end of a whole stream, most of which is planned: a late first item hardly shows.`,
  'acceptance-only': ({ name }) => `${name}: acceptance only, as its target keeps no log of what it did.`,
  saturated: ({ name, side, rounds }) =>
    `${name}: the ${side} could not keep up in ${plural(rounds, 'round')}: its times are of a backlog.`,
  failing: ({ name, side, rounds }) =>
    `${name}: many calls of the ${side} failed in ${plural(rounds, 'round')}: its times are of the others.`,
});
