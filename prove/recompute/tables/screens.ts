import {
  cell,
  cellOf,
  figureOnly,
  ifAny,
  screenPercentile,
  screenTail,
  validCount,
} from '../figures/cells.ts';
import { wholeBytesCell, wholeCpuCell } from '../figures/cost.ts';
import { knownCoupling, shareCell } from '../figures/coupling.ts';
import { isDrifting } from '../figures/drift.ts';
import { amplification, leafOf } from '../figures/edges.ts';
import {
  type FaultLine,
  faultLines,
  hasCases,
  hopsOf,
  isAsynchronous,
  isDependent,
} from '../figures/faults.ts';
import { goodputCell } from '../figures/goodput.ts';
import { detectedNs, recoveredTexts } from '../figures/health.ts';
import {
  addUp,
  baseLines,
  doneTrials,
  isAnswered,
  type PatternLine,
  patternLines,
  timedTrials,
  variantLines,
} from '../figures/patterns.ts';
import {
  claimedOf,
  complexityRating,
  couplingRating,
  elsewhereColumns,
  latencyRating,
  type Rating,
} from '../figures/ratings.ts';
import { correctShare, requestsInFault } from '../figures/requests.ts';
import { highestKnown } from '../figures/samples.ts';
import type { StoredRecord } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';
import { formLines } from './alternatives.ts';
import { lostAndRepeated } from './faults/work.ts';
import { contractLines } from './contract.ts';
import { regimesOnAxes } from './regimes.ts';

const hasFaults = (record: StoredRecord) => faultLines(record).length > 0;
/** Its screen has a table of the page. */
const isOfAnother = (record: StoredRecord) =>
  hasFaults(record) ||
  contractLines(record).some(({ change }) => change !== null) ||
  formLines(record).length > 0;
const isRated = (line: PatternLine) => claimedOf(line) != null;

const guidesRule = tableRule<PatternLine>({
  of: ['run'],
  heading: /^screen: guides$/,
  isScreen: true,
  lines: (record) => (isOfAnother(record) ? [] : baseLines(record).filter(isRated)),
  name: ({ pattern }) => pattern.title,
  columns: (record) => ({
    'Response time p50': (line) => {
      const own = screenPercentile(line, 'response', 0.5);
      return /\d/.test(own.text) && !isDrifting(line) ? cell(own.text, untilText(line)) : own;
    },
    'Completion time p50': (line) => screenPercentile(line, 'completion', 0.5),
    'Latency: claimed → measured': (line) => ratedCell(latencyRating(line)),
    ...elsewhereColumns(record, (of) => (line) => ratedCell(of(line))),
    'Coupling: claimed → measured': (line) => ratedCell(couplingRating(line)),
    'Depends on the broker': (line) => {
      if (doneTrials(line, 'broker-outage').length === 0) return NOTHING;
      const coupling = knownCoupling(line, 'broker-outage');
      if (coupling === undefined) return cell('inconclusive');
      const { patience } = line.pattern;
      return cell(DEPENDS[coupling]!, patience ? `calls ${CALLS[patience]}` : null);
    },
    'Complexity (our rating)': (line) => {
      const { words, figure } = complexityRating(line);
      return figure === null ? NOTHING : cell(words, figure);
    },
    'CPU per request': (line) => figureOnly(wholeCpuCell(line)),
    'Bytes per request': (line) => figureOnly(wholeBytesCell(line)),
    Valid: (line) => validCount(timedTrials(line)),
  }),
});

const DEPENDS: Readonly<Record<string, string>> = { tight: 'yes', partial: 'partly', loose: 'no' };
/** What becomes of a call while the broker is away. */
const CALLS = { refuse: 'refused', wait: 'held', keep: 'kept' };

function untilText({ pattern }: PatternLine): string {
  return isAnswered(pattern.interaction) ? 'until reply' : 'until confirm';
}

function ratedCell({ words, verdict, times }: Rating): OwnCell {
  const isDecided = verdict === 'supported' || verdict === 'contradicted';
  return cell(words, isDecided && times !== undefined ? `${verdict} ${write.ratio(times)}` : verdict);
}

/** Servers of the user's own alone. */
function isOfTargets({ patterns }: StoredRecord): boolean {
  return patterns.length > 0 && patterns.every(({ target }) => target != null);
}

const latencyRule = tableRule<PatternLine>({
  of: ['run'],
  heading: /^screen: latency$/,
  isScreen: true,
  lines: (record) => {
    const isOther =
      isOfAnother(record) ||
      hasLoops(record) ||
      patternLines(record).some(isRated) ||
      isOfTargets(record) ||
      regimesOnAxes(record).length > 0;
    return isOther ? [] : variantLines(record);
  },
  name: ({ pattern }) => pattern.title,
  columns: () => ({
    Variant: ({ variant }) => variant ?? '',
    'First item p50': (line) => screenPercentile(line, 'firstItem', 0.5),
    'First item p99': (line) => screenTail(line, 'firstItem'),
    'Jitter p99': (line) => screenTail(line, 'itemJitter'),
    'Response time p50': (line) => {
      const own = screenPercentile(line, 'response', 0.5);
      const isConfirm = !isAnswered(line.pattern.interaction) && /\d/.test(own.text) && !isDrifting(line);
      return isConfirm ? cell(own.text, 'until confirm') : own;
    },
    'Response time p99': (line) => screenTail(line, 'response'),
    'Completion time p50': (line) => screenPercentile(line, 'completion', 0.5),
    'Completion time p99': (line) => screenTail(line, 'completion'),
    Goodput: (line) => figureOnly(goodputCell(doneTrials(line, 'latency'), 'correct')),
    'Accepted while service down': (line) => figureOnly(shareCell(outagesOf(line), 'served')),
    'Completed in the end': (line) => figureOnly(shareCell(outagesOf(line), 'finallyDone')),
    Valid: (line) => validCount(timedTrials(line)),
  }),
});

function hasLoops({ trials }: StoredRecord): boolean {
  return trials.some(({ closedLoops }) => closedLoops !== undefined);
}

/** Of all variants together. */
function outagesOf({ record, pattern }: PatternLine) {
  return doneTrials(
    patternLines(record).find((line) => line.pattern === pattern)!,
    'service-outage',
  );
}

const faultsRule = tableRule<FaultLine>({
  of: ['run'],
  heading: /^screen: faults$/,
  isScreen: true,
  lines: faultLines,
  name: (line) => (hasCases(faultLines(line.record)) ? (line.case?.title ?? 'faults') : line.name),
  missing: ({ missing }) => missing,
  labels: ['Variant', 'Pattern'],
  columns: (_record, lines) => ({
    ...(hasCases(lines)
      ? { [lines.some(({ variant }) => variant) ? 'Variant' : 'Pattern']: ({ name }: FaultLine) => name }
      : {}),
    'Success in fault (control)': successCell,
    [othersTitle(lines)]: othersCell,
    'Completed in the end': (line) => {
      const { here } = requestsInFault(line);
      return isAsynchronous(line) && here.planned > 0 ? cell(write.share(here.done / here.planned)) : NOTHING;
    },
    'Completion time in fault': (line) => {
      const known = isAsynchronous(line) ? highestKnown(requestsInFault(line).here.completion) : undefined;
      return cellOf(known, ({ q, us }) => `${write.quantile(q)} ${write.us(us)}`);
    },
    Lost: (line) => ifAny(lostAndRepeated(line).lost),
    Duplicates: (line) => ifAny(lostAndRepeated(line).repeated),
    'Recovered after': (line) => cell(recoveredTexts(line)[0]),
    'Retry amplification': (line) => {
      const leaf = leafOf(line);
      return cellOf(leaf && amplification(leaf.phases), write.ratio);
    },
    'Detected after': (line) => cellOf(detectedNs(line), (ns) => write.us(ns / 1000)),
    'Goodput over time': (line) => barsOf(line, lines),
    Valid: ({ trials, controls }) => validCount([...trials, ...controls]),
  }),
});

function successCell(line: FaultLine): OwnCell {
  const { here, control } = requestsInFault(line);
  if (here.planned === 0) return NOTHING;
  const usual = control.planned === 0 ? 'none' : write.share(correctShare(control));
  return cell(`${write.share(correctShare(here))} (${usual})`);
}

/** Endpoints that do not depend on the fault, where some do. */
function othersOf(line: FaultLine) {
  const endpoints = hopsOf(line.trials)[0]?.endpoints ?? [];
  const others = endpoints.filter(({ operation }) => !isDependent(line, operation));
  return others.length === endpoints.length ? [] : others;
}

function othersTitle(lines: readonly FaultLine[]): string {
  const titles = new Set(lines.flatMap(othersOf).map(({ title }) => title));
  return titles.size === 1 ? `Success of ${[...titles][0]}` : 'Success of other endpoints';
}

function othersCell(line: FaultLine): OwnCell {
  const seen = othersOf(line).map(({ operation }) => requestsInFault(line, operation).here);
  const planned = addUp(seen, (one) => one.planned);
  return planned === 0 ? NOTHING : cell(write.share(addUp(seen, ({ correct }) => correct) / planned));
}

const HEIGHTS = '▁▂▃▄▅▆▇█';

/** Healthy answers per second, evenly over the time of their windows; all lines on one scale. */
function barsOf(line: FaultLine, lines: readonly FaultLine[]): OwnCell {
  if (hopsOf(line.trials).length === 0) return NOTHING;
  const bars = hasCases(lines) ? 20 : 28;
  const [first] = lines.find(({ trials }) => hopsOf(trials).length > 0)!.trials;
  const [fromNs, toNs] = [first!.phases[0]!.fromNs, first!.phases.at(-1)!.toNs];
  const width = (toNs - fromNs) / bars;
  const ratesOf = ({ trials }: FaultLine) => {
    const windows = hopsOf(trials).flatMap(({ endpoints }) => endpoints.flatMap((one) => one.windows));
    return Array.from({ length: bars }, (_, i) => {
      const [from, to] = [fromNs + i * width, fromNs + (i + 1) * width];
      const answers = addUp(windows, (window) => {
        const shared = Math.min(to, window.toNs) - Math.max(from, window.fromNs);
        return (window.healthy * Math.max(0, shared)) / Math.max(1, window.toNs - window.fromNs);
      });
      return answers / trials.length / (width / 1e9);
    });
  };
  const drawn = lines.filter(({ trials }) => hopsOf(trials).length > 0);
  const highest = Math.max(1, ...drawn.flatMap(ratesOf));
  const heights = ratesOf(line).map((perS) => Math.ceil((perS / highest) * HEIGHTS.length));
  return cell(heights.map((height) => (height === 0 ? '·' : HEIGHTS[height - 1]!)).join(''));
}

export const rules: readonly TableRule[] = [guidesRule, latencyRule, faultsRule];
