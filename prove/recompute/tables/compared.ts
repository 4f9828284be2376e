import { cell, cellOf } from '../figures/cells.ts';
import { cpuPerCall, wireBytes } from '../figures/cost.ts';
import { fisherOneSided } from '../figures/fisher.ts';
import { type Gate, gateApart, gateOf, logsOf, pairsOf } from '../figures/gate.ts';
import { isCountable } from '../figures/medians.ts';
import {
  addUp,
  capacityOf,
  isAnswered,
  isDoneByReply,
  outcomes,
  phasesOf,
  plannedIn,
  seriesOf,
  type SeriesName,
} from '../figures/patterns.ts';
import { printable, together } from '../figures/samples.ts';
import type { StoredLedger, StoredPattern, StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type TableRule, tableRule } from '../rule.ts';

/** One pattern with the trials of both arms. */
interface ArmsLine {
  readonly record: StoredRecord;
  readonly pattern: StoredPattern;
  readonly a: readonly StoredTrial[];
  readonly b: readonly StoredTrial[];
}

function armsOf(record: StoredRecord): ArmsLine[] {
  return record.patterns.map((pattern) => {
    const of = (arm: string) => record.trials.filter((one) => one.arm === arm && one.pattern === pattern.id);
    return { record, pattern, a: of('a'), b: of('b') };
  });
}

function figureOf({ pattern }: ArmsLine): 'response' | 'completion' {
  return isDoneByReply(pattern) ? 'response' : 'completion';
}

/** Without a fault. */
function latencyOf(trials: readonly StoredTrial[]): StoredTrial[] {
  return trials.filter(({ kind }) => kind === 'latency');
}

function isApart({ record }: ArmsLine): boolean {
  return record.experiment === 'compare';
}

function gateIn(line: ArmsLine): Gate & { readonly used: string } {
  const { design, scenario } = line.record;
  const [a, b] = [latencyOf(line.a), latencyOf(line.b)];
  const figure = figureOf(line);
  if (isApart(line)) {
    const [before, after] = [logsOf(a, figure), logsOf(b, figure)];
    return { ...gateApart(before, after, design.margin!), used: `${before.length} + ${after.length}` };
  }
  const pairs = pairsOf(a, b);
  const found = gateOf(pairs, { ...design, figure, mostPairs: scenario.rounds });
  return { ...found, used: `${found.used} of ${pairs.length}` };
}

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

export const rules: readonly TableRule[] = [
  tableRule<ArmsLine>({
    of: ['ab', 'compare'],
    heading: /^Candidate over baseline, margin ±/,
    lines: armsOf,
    name: ({ pattern }) => pattern.title,
    columns: ({ experiment }) => ({
      Verdict:
        experiment === 'compare'
          ? { words: 'of two runs apart: settings that differ, which are words, rule a comparison out' }
          : (line) => (countsIn(line).some(isBroken) ? 'regressed' : gateIn(line).verdict),
      Compared: (line) => `${figureOf(line)} p50`,
      'Candidate / baseline': (line) => {
        const { interval } = gateIn(line);
        return cell(interval ? write.ratioInterval(interval) : 'no interval');
      },
      [`${experiment === 'compare' ? 'Rounds' : 'Pairs'} used`]: (line) => gateIn(line).used,
      'Correctness checks': (line) => checksText(countsIn(line)),
      'More pairs': { words: 'an estimate of what is still to be measured, of no figure that was' },
      'Smallest change found': (line) => cellOf(gateIn(line).detectable, write.ratio),
    }),
  }),
  tableRule<Counted>({
    of: ['ab', 'compare'],
    heading: /^Correctness checks$/,
    lines: (record) => armsOf(record).flatMap(countsIn),
    name: ({ line }) => line.pattern.title,
    columns: () => ({
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
      Figure: ({ name }) => name,
      Baseline: ({ line, of, text }) => cellOf(of(line.a), text),
      Candidate: ({ line, of, text }) => cellOf(of(line.b), text),
      Ratio: ({ line, of }) => {
        const [baseline, candidate] = [of(line.a), of(line.b)];
        return baseline && candidate !== undefined ? cell(write.ratio(candidate / baseline)) : NOTHING;
      },
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

/** Kinds of trials whose ledgers count. */
const COUNTED = ['latency', 'service-outage'];

function ledgersOf(trials: readonly StoredTrial[]): StoredLedger[] {
  return trials
    .filter(({ evidence, validity }) => evidence !== 'none' && validity.verdict !== 'incomplete')
    .flatMap(({ ledgers }) => ledgers);
}

function countsIn(line: ArmsLine): Counted[] {
  const { deadlineMs } = line.record.scenario;
  const done = (trials: readonly StoredTrial[]) =>
    trials.filter(({ state, kind }) => state === 'done' && COUNTED.includes(kind));
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
    { line, name: 'failures' as const, a: failed(line.a), b: failed(line.b) },
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
    ofValid('capacity', capacityOf, write.rate),
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
