import { cell, cellOf } from '../figures/cells.ts';
import { cpuPerCall, wireBytes } from '../figures/cost.ts';
import { fisherOneSided } from '../figures/fisher.ts';
import {
  FIGURES,
  meanOver,
  medianRecoveryNs,
  recoveriesNs,
  roundOf,
  singleLines,
  type Success,
} from '../figures/fault-figures.ts';
import type { FaultLine } from '../figures/faults.ts';
import { type Gate, gateApart, gateOf, isShare, logsOf, pairsOf } from '../figures/gate.ts';
import { isCountable, type MedianOf } from '../figures/medians.ts';
import {
  addUp,
  capacityOf,
  isAnswered,
  isDoneByReply,
  outcomes,
  type PatternLine,
  phasesOf,
  plannedIn,
  seriesOf,
  type SeriesName,
  variantLines,
} from '../figures/patterns.ts';
import { printable, together } from '../figures/samples.ts';
import { meanWithInterval } from '../figures/student.ts';
import type { StoredLedger, StoredPattern, StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

/** One pattern, under one variant where there are some, with the trials of both arms. */
interface ArmsLine {
  readonly record: StoredRecord;
  readonly pattern: StoredPattern;
  readonly variant: string | null;
  readonly a: readonly StoredTrial[];
  readonly b: readonly StoredTrial[];
  /** Kind of the trials that decide. */
  readonly kind: 'fault' | 'latency';
  /** Both arms have it: else nothing is compared. */
  readonly isInBoth: boolean;
}

function armsOf(record: StoredRecord): ArmsLine[] {
  const [a, b] = [variantLines(armIn(record, 'a')), variantLines(armIn(record, 'b'))];
  const keyOf = ({ pattern, variant }: PatternLine) => JSON.stringify([pattern.id, variant]);
  const keys = [...new Set([...a, ...b].map(keyOf))];
  const kind =
    !isApart({ record }) && record.trials.some((one) => one.kind === 'fault') ? 'fault' : 'latency';
  return keys.map((key) => {
    const [mine, its] = [a, b].map((lines) => lines.find((line) => keyOf(line) === key));
    const { pattern, variant } = (its ?? mine)!;
    const isInBoth = mine !== undefined && its !== undefined;
    return { record, pattern, variant, a: mine?.trials ?? [], b: its?.trials ?? [], kind, isInBoth };
  });
}

/** An arm as the record of a run. */
function armIn(record: StoredRecord, arm: 'a' | 'b'): StoredRecord {
  const { scenario, patterns, order } = record.design.arms![arm];
  const trials = record.trials.filter((trial) => trial.arm === arm);
  return { ...record, scenario, patterns, trials, design: { order: order ?? trials } };
}

function figureOf({ pattern, a, b, kind }: ArmsLine): MedianOf | Success {
  const isSeen = [...a, ...b].every((trial) => trial.kind !== kind || trial.evidence !== 'none');
  const isByReply = isDoneByReply(pattern) || !isSeen;
  if (kind === 'fault') return isByReply ? 'correct' : 'doneInTime';
  return isByReply ? 'response' : 'completion';
}

/** Those that decide. */
function decidingOf({ kind }: ArmsLine, trials: readonly StoredTrial[]): StoredTrial[] {
  return trials.filter((trial) => trial.kind === kind);
}

/** Without a fault. */
function latencyOf(trials: readonly StoredTrial[]): StoredTrial[] {
  return trials.filter(({ kind }) => kind === 'latency');
}

function isApart({ record }: Pick<ArmsLine, 'record'>): boolean {
  return record.experiment === 'compare';
}

function gateIn(line: ArmsLine): Gate & { readonly used: string } {
  const { design, scenario } = line.record;
  const [a, b] = [decidingOf(line, line.a), decidingOf(line, line.b)];
  const figure = figureOf(line);
  if (isApart(line) && !isShare(figure)) {
    const [before, after] = [logsOf(a, figure), logsOf(b, figure)];
    return { ...gateApart(before, after, design.margin!), used: `${before.length} + ${after.length}` };
  }
  const pairs = pairsOf(a, b);
  const found = gateOf(pairs, { ...design, figure, mostPairs: scenario.rounds });
  return { ...found, used: `${found.used} of ${pairs.length}` };
}

/** `response p50`. */
const FIGURE_NAMES = {
  response: 'response p50',
  completion: 'completion p50',
  correct: 'correct from the fault on',
  doneInTime: 'done in time from the fault on',
};

interface Counted {
  readonly line: ArmsLine;
  readonly name: 'lost' | 'duplicates' | 'failures';
  readonly a: readonly [count: number, of: number];
  readonly b: readonly [count: number, of: number];
}

interface ShownLine {
  readonly line: ArmsLine;
  readonly name: string;
  /** Of one side. */
  readonly of: (trials: readonly StoredTrial[]) => number | undefined;
  readonly text: (value: number) => string;
}

/** What the faults did to either side. */
interface FaultedLine extends Omit<ShownLine, 'of'> {
  readonly a: number | undefined;
  readonly b: number | undefined;
  /** Of the pairs in which both are known. */
  readonly differences: readonly number[];
  readonly isShare: boolean;
}

const variantOf = ({ line }: { readonly line: ArmsLine }) => line.variant ?? '';

export const rules: readonly TableRule[] = [
  tableRule<ArmsLine>({
    of: ['ab', 'compare'],
    heading: /^Candidate over baseline, margin ±/,
    lines: armsOf,
    name: ({ pattern }) => pattern.title,
    missing: ({ isInBoth, record }) => {
      if (isInBoth) return null;
      return record.experiment === 'compare' ? NOTHING.text : 'inconclusive';
    },
    labels: ['Variant'],
    columns: ({ experiment }, lines) => ({
      Variant: ({ variant }) => variant ?? '',
      Verdict:
        experiment === 'compare'
          ? { words: 'of two runs apart: settings that differ, which are words, rule a comparison out' }
          : (line) => (countsIn(line).some(isBroken) ? 'regressed' : gateIn(line).verdict),
      Compared: (line) => FIGURE_NAMES[figureOf(line)],
      [lines.some(isOfShares) ? 'Candidate − baseline' : 'Candidate / baseline']: (line) => {
        const { interval } = gateIn(line);
        if (!interval) return cell('no interval');
        return cell(isOfShares(line) ? write.pointsInterval(interval) : write.ratioInterval(interval));
      },
      [`${experiment === 'compare' ? 'Rounds' : 'Pairs'} used`]: (line) => gateIn(line).used,
      'Correctness checks': (line) => checksText(countsIn(line)),
      'More pairs': { words: 'an estimate of what is still to be measured, of no figure that was' },
      'Smallest change found': (line) =>
        cellOf(gateIn(line).detectable, isOfShares(line) ? write.points : write.ratio),
    }),
  }),
  tableRule<Counted>({
    of: ['ab', 'compare'],
    heading: /^Correctness checks$/,
    lines: (record) => armsOf(record).flatMap(countsIn),
    name: ({ line }) => line.pattern.title,
    columns: () => ({
      Variant: variantOf,
      Invariant: ({ name }) => name,
      Baseline: ({ a }) => ofText(a),
      Candidate: ({ b }) => ofText(b),
      Verdict: (one) => (isBroken(one) ? 'failed' : isOpen(one) ? 'inconclusive' : 'passed'),
      Rule: ruleText,
    }),
  }),
  tableRule<ShownLine>({
    of: ['ab', 'compare'],
    heading: /^For information only$/,
    lines: (record) => armsOf(record).flatMap(shownLines),
    name: ({ line }) => line.pattern.title,
    columns: () => ({
      Variant: variantOf,
      Figure: ({ name }) => name,
      Baseline: ({ line, of, text }) => cellOf(of(line.a), text),
      Candidate: ({ line, of, text }) => cellOf(of(line.b), text),
      Ratio: ({ line, of }) => {
        const [baseline, candidate] = [of(line.a), of(line.b)];
        return baseline && candidate !== undefined ? cell(write.ratio(candidate / baseline)) : NOTHING;
      },
    }),
  }),
  tableRule<FaultedLine>({
    of: ['ab'],
    heading: /^Under the faults$/,
    lines: (record) => armsOf(record).flatMap(faultedLines),
    name: ({ line }) => line.pattern.title,
    columns: () => ({
      Variant: variantOf,
      Figure: ({ name }) => name,
      Baseline: ({ a, text }) => cellOf(a, text),
      Candidate: ({ b, text }) => cellOf(b, text),
      Difference: differenceCell,
    }),
  }),
  tableRule<never>({
    of: ['ab', 'compare'],
    heading: /^Differences between the sides$/,
    lines: () => [],
    name: () => '',
    columns: () => ({}),
    unread: 'settings of both arms, as the record has them',
  }),
];

function isOfShares(line: ArmsLine): boolean {
  return isShare(figureOf(line));
}

/** Trials with faults by pairs. */
function faultedLines(line: ArmsLine): FaultedLine[] {
  if (line.kind !== 'fault' || !line.isInBoth) return [];
  const [a, b] = (['a', 'b'] as const).map((arm) =>
    singleLines(armIn(line.record, arm), line.pattern.id, line[arm]),
  ) as [FaultLine[], FaultLine[]];
  const byPairs = (name: string, of: (one: FaultLine) => number | undefined, text: FaultedLine['text']) => {
    const differences = a.flatMap((one) => {
      const beside = b.find((other) => roundOf(other) === roundOf(one));
      const [before, after] = [of(one), beside && of(beside)];
      return before === undefined || after === undefined ? [] : [after - before];
    });
    return {
      line,
      name,
      text,
      a: meanOver(a, of),
      b: meanOver(b, of),
      differences,
      isShare: text === write.share,
    };
  };
  const apart = (name: string, of: (some: FaultLine[]) => number | undefined, text: FaultedLine['text']) => {
    return { line, name, text, a: of(a), b: of(b), differences: [], isShare: false };
  };
  return [
    byPairs('correct while the fault lasted', FIGURES.success, write.share),
    byPairs('goodput while the fault lasted', FIGURES.goodput, write.rate),
    byPairs('tries per call at the leaf', FIGURES.amplification, write.ratio),
    byPairs('work wasted from the fault on', FIGURES.wasted, write.share),
    apart('time to recover, median', medianRecoveryNs, (ns) => write.us(ns / 1000)),
    apart('trials not recovered', notRecovered, write.count),
  ].filter((one) => one.a !== undefined || one.b !== undefined);
}

function notRecovered(lines: readonly FaultLine[]): number | undefined {
  const all = recoveriesNs(lines);
  return all.length === 0 ? undefined : all.filter((ns) => ns === Infinity).length;
}

function differenceCell({ differences, text, isShare: isOfShare }: FaultedLine): OwnCell {
  const found = meanWithInterval(differences, 0.95);
  if (!found) return NOTHING;
  if (isOfShare) return cell(write.pointsInterval(found));
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`;
  return cell(`${signed(found.mean)} [${signed(found.low)} to ${signed(found.high)}]`);
}

function ledgersOf(trials: readonly StoredTrial[]): StoredLedger[] {
  return trials
    .filter(({ evidence, validity }) => evidence !== 'none' && validity.verdict !== 'incomplete')
    .flatMap(({ ledgers }) => ledgers);
}

function countsIn(line: ArmsLine): Counted[] {
  const { deadlineMs } = line.record.scenario;
  if (!line.isInBoth) return [];
  const done = (trials: readonly StoredTrial[]) =>
    trials.filter(({ state, kind }) => state === 'done' && [line.kind, 'service-outage'].includes(kind));
  const ledgered = (
    trials: readonly StoredTrial[],
    of: (ledger: StoredLedger) => number,
  ): [number, number] => {
    const ledgers = ledgersOf(done(trials));
    return [addUp(ledgers, of), addUp(ledgers, callsIn)];
  };
  const failed = (trials: readonly StoredTrial[]): [number, number] => {
    const phases = phasesOf(
      latencyOf(done(trials)).filter((trial) => isCountable(trial, deadlineMs, trial.phases)),
    );
    return [plannedIn(phases) - outcomes(phases, 'ok'), plannedIn(phases)];
  };
  const hasLedgers = ledgersOf(line.b).length > 0;
  return [
    ...(hasLedgers
      ? [{ line, name: 'lost' as const, a: ledgered(line.a, lostIn), b: ledgered(line.b, lostIn) }]
      : []),
    ...(hasLedgers
      ? [
          {
            line,
            name: 'duplicates' as const,
            a: ledgered(line.a, repeatedIn),
            b: ledgered(line.b, repeatedIn),
          },
        ]
      : []),
    // With faults, failures are what is compared.
    ...(line.kind === 'fault'
      ? []
      : [{ line, name: 'failures' as const, a: failed(line.a), b: failed(line.b) }]),
  ];
}

const WAYS = ['accepted', 'refused', 'unknown'] as const;
const lostIn = ({ accepted, late }: StoredLedger) => accepted.done0 - (late ?? 0);
const repeatedIn = (ledger: StoredLedger) => addUp(WAYS, (way) => ledger[way].doneMore);

function callsIn(ledger: StoredLedger): number {
  return addUp(WAYS, (way) => {
    const { done0, done1, doneMore, deadLettered } = ledger[way];
    return done0 + done1 + doneMore + deadLettered;
  });
}

const BROKEN_BELOW = 0.01;

/** Within what the transport promises. */
function isAllowed({ name, line }: Counted): boolean {
  const isOnce = line.pattern.guarantee.delivery === 'at-most-once';
  if (name === 'duplicates') return !isOnce;
  return name === 'lost' && isOnce && !isAnswered(line.pattern.interaction);
}

/** More than the baseline, by an exact test where the baseline has any, too. */
function isMore({ name, a, b }: Counted): boolean {
  if (name !== 'failures' && (a[0] === 0 || b[0] === 0)) return b[0] > 0;
  return fisherOneSided(a, b) < BROKEN_BELOW;
}

function isBroken(one: Counted): boolean {
  return !isAllowed(one) && isMore(one);
}

function isOpen({ a, b }: Counted): boolean {
  return a[1] === 0 || b[1] === 0;
}

function checksText(all: readonly Counted[]): string {
  const [broken, open] = [all.filter(isBroken), all.filter(isOpen)].map((some) =>
    some.map(({ name }) => name),
  );
  if (broken!.length > 0) return `failed: ${broken!.join(', ')}`;
  return open!.length > 0 ? `inconclusive: ${open!.join(', ')}` : 'passed';
}

function ofText([count, of]: Counted['a']): string {
  return `${write.count(count)} of ${write.count(of)}`;
}

function ruleText(one: Counted): string {
  const { delivery } = one.line.pattern.guarantee;
  if (one.name === 'failures') {
    const p = fisherOneSided(one.a, one.b);
    const text = p >= 0.995 ? '1' : p < 0.0001 ? 'below 0.0001' : p.toPrecision(2);
    return `one-sided exact test: p ${text}, broken below ${BROKEN_BELOW}`;
  }
  if (isAllowed(one)) return `any number is within ${delivery}`;
  const isAlike = one.b[0] > 0 && !isMore(one);
  return isAlike
    ? `beyond ${delivery}, and no more than the baseline's by an exact test (p ${BROKEN_BELOW})`
    : `none allowed: it would be beyond ${delivery}`;
}

function validOf(trials: readonly StoredTrial[]): StoredTrial[] {
  return latencyOf(trials).filter(({ state, validity }) => state === 'done' && validity.verdict === 'valid');
}

function shownLines(line: ArmsLine): ShownLine[] {
  if (!line.isInBoth) return [];
  type Of = ShownLine['of'];
  const ofValid = (name: string, of: Of, text: ShownLine['text']) => {
    return { line, name, of: (trials: readonly StoredTrial[]) => of(validOf(trials)), text };
  };
  const time = (name: string, of: SeriesName, q: number) =>
    ofValid(
      `${name} ${write.quantile(q)}`,
      (trials) => printable(together(seriesOf(phasesOf(trials), of)), q),
      write.us,
    );
  const cpu = (part: 'caller' | 'service' | 'broker') =>
    ofValid(`CPU of the ${part}`, (trials) => cpuPerCall(trials, `${part}Us`), write.cpuUs);
  const memory = (part: 'caller' | 'service') =>
    ofValid(`memory of the ${part}`, (trials) => peakOfAll(trials, `${part}PeakBytes`), write.bytes);
  const all = [
    time('response', 'response', 0.5),
    time('response', 'response', 0.9),
    time('response', 'response', 0.99),
    time('completion', 'completion', 0.5),
    time('completion', 'completion', 0.99),
    time('first item', 'firstItem', 0.5),
    ofValid('answered ok', okShare, write.share),
    ofValid('closed loop of the warm-up', capacityOf, write.rate),
    cpu('caller'),
    cpu('service'),
    cpu('broker'),
    memory('service'),
    memory('caller'),
    { line, name: 'bytes per call', of: bytesOf, text: write.bytes },
  ];
  return all.filter(({ of }) => [line.a, line.b].some((arm) => of(arm) !== undefined));
}

function peakOfAll(
  trials: readonly StoredTrial[],
  of: `${'caller' | 'service'}PeakBytes`,
): number | undefined {
  const known = trials.flatMap(({ cost }) => cost[of] ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Of the caller, both ways. */
function bytesOf(trials: readonly StoredTrial[]): number | undefined {
  const found = wireBytes({ trials }, 'caller');
  return found && found.sent + found.received;
}

function okShare(trials: readonly StoredTrial[]): number | undefined {
  const phases = phasesOf(trials);
  return phases.length === 0 ? undefined : outcomes(phases, 'ok') / plannedIn(phases);
}
