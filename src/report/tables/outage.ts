import { OUTAGE_USES } from '../../analysis/patterns/found-coupling.ts';
import { isUsedFor } from '../../plan/kinds/kinds.ts';
import { downtimesMs, type OutageSeen, outageSeen } from '../../analysis/patterns/outage-seen.ts';
import type { OutageKind } from '../../analysis/patterns/found-coupling.ts';
import { downText } from '../down-text.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatCount, formatMs, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { loadsText } from '../load-text.ts';
import type { Result, Trial } from '../../record/record.ts';
import { failingText } from '../outcomes.ts';
import { hasBroker, outagePhases, type PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { sampleCoverageNote } from '../sample-coverage.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { validityCell } from './verdicts.ts';

/**
 * What is left of the service while the service (`outage`) or the broker (`middle`) is away; undefined where
 * the scenario takes nothing away.
 */
export function outageSection(
  result: Result,
  patterns: readonly PatternResult[],
  notes: Footnotes,
  kind: OutageKind = 'serviceOutage',
): Section | undefined {
  const {
    scenario,
    design: { order },
  } = result;
  const plan = scenario[kind];
  // Rows of targets are never taken away: with no others there is nothing to tell.
  if (!plan || !order.some((entry) => isUsedFor(entry.kind, OUTAGE_USES[kind]))) return undefined;
  const load = `${loadsText(scenario)}, deadline ${formatMs(scenario.deadlineMs)}`;
  return {
    id: IDS[kind],
    title: `${WHO[kind]} ${downText(plan.do)} for ${formatMs(plan.forMs)}: one trial per pattern, ${load}`,
    columns: [
      {
        id: 'coupling',
        title: kind === 'serviceOutage' ? 'Coupling' : 'Coupling to the broker',
        align: 'left',
      },
      { id: 'served', title: 'Served while down', align: 'right' },
      { id: 'finally-done', title: 'Finally done', align: 'right' },
      { id: 'never-done', title: 'Never done', align: 'right' },
      { id: 'done-late', title: 'Completion time', align: 'right' },
      { id: 'outage', title: 'Observed outage', align: 'right' },
      { id: 'outage-validity', title: 'Validity', align: 'left' },
    ],
    rows: concerned(result, patterns, kind).map((pattern) => ({
      pattern: pattern.record.id,
      title: pattern.record.title,
      part: null,
      cells:
        pattern.trials[kind].length === 0
          ? missing(result, pattern, kind, notes)
          : cellsOf(pattern, kind, notes),
    })),
  };
}

/** A row without a broker has no middle to take away. */
function concerned(
  result: Result,
  patterns: readonly PatternResult[],
  kind: OutageKind,
): readonly PatternResult[] {
  return kind === 'serviceOutage' ? patterns : patterns.filter((pattern) => hasBroker(result, pattern));
}

const IDS = { serviceOutage: 'service-outage', brokerOutage: 'broker-outage' } as const;

const WHO = { serviceOutage: 'Service', brokerOutage: 'Broker' } as const;

const REST = 6;

function missing(result: Result, pattern: PatternResult, kind: OutageKind, notes: Footnotes): Cell[] {
  const [text, why] = missingText(result, pattern, kind);
  const marks = why === undefined ? [] : [notes.mark(why)];
  return [textCell(text, { tone: 'weak', marks }), ...Array.from({ length: REST }, () => EMPTY_CELL)];
}

/** Why there are no figures of a row, in a word or two; and the whole reason, where there is more of it. */
export function missingText(
  result: Result,
  pattern: PatternResult,
  kind: OutageKind,
): readonly [text: string, why?: string] {
  const {
    record,
    trials: { failed, skipped },
  } = pattern;
  if (record.state === 'not-run') return ['not run'];
  if (record.target !== null) return ['not killed'];
  if (kind === 'brokerOutage' && !hasBroker(result, pattern)) return ['no broker'];
  if (failed.some((trial) => isUsedFor(trial.kind, OUTAGE_USES[kind]))) return ['failed'];
  const omitted = skipped.find((trial) => isUsedFor(trial.kind, OUTAGE_USES[kind]));
  if (!omitted) return ['–'];
  const why = `${record.title}: not run: ${omitted.failure ?? 'no reason is known'}`;
  return [kind === 'brokerOutage' ? 'not run: not ours' : 'not run', why.endsWith('.') ? why : `${why}.`];
}

function cellsOf(pattern: PatternResult, kind: OutageKind, notes: Footnotes): Cell[] {
  const trials = pattern.trials[kind];
  const seen = outageSeen(pattern, kind);
  const { intended, served, finallyDone } = seen.counts;
  if (intended === 0)
    return [textCell('nothing found', { tone: 'weak' }), ...Array.from({ length: REST }, () => EMPTY_CELL)];
  const never = intended - finallyDone;
  const accepted = pattern.waitsFor === 'confirm' ? [ACCEPTED[kind]] : [];
  const marks = [...accepted, ...failing(pattern, kind)].map((text) => notes.mark(text));
  return [
    textCell(seen.verdicts.join(' / '), { tone: toneOf(seen.verdicts) }),
    shareCell(served, intended, marks),
    shareCell(finallyDone, intended, []),
    textCell(formatCount(never), { value: never, unit: 'count', tone: never > 0 ? 'bad' : 'plain' }),
    lateCell(seen, notes),
    observedCell(trials),
    validityCell(trials, notes),
  ];
}

const ACCEPTED: Readonly<Record<OutageKind, string>> = {
  serviceOutage:
    'Served means accepted: the broker confirmed the message within the deadline, while no service could do its work.',
  brokerOutage:
    'Served means accepted: confirmed within the deadline, by a broker that was down or just coming back.',
};

/** An outage in which calls fail at once is another one than one in which they hang. */
function failing(pattern: PatternResult, kind: OutageKind): string[] {
  const found = failingText(outagePhases(pattern.trials[kind]));
  const who = WHO[kind].toLowerCase();
  return found.length === 0
    ? []
    : [`${pattern.record.title}, while its ${who} was down: ${found.join('; ')}.`];
}

function shareCell(n: number, of: number, marks: readonly string[]): Cell {
  return textCell(formatShare(n / of), {
    value: n / of,
    unit: 'share',
    below: `of ${formatCount(of)}`,
    marks,
  });
}

function toneOf(verdicts: readonly string[]): Cell['tone'] {
  return verdicts.includes('tight') ? 'bad' : verdicts.includes('partial') ? 'plain' : 'good';
}

/** Completion of what was intended in the outage, at the highest quantile that can be told. */
function lateCell({ completion }: OutageSeen, notes: Footnotes): Cell {
  if (!completion) return EMPTY_CELL;
  const { known, done, planned } = completion;
  const coverageNotes = sampleCoverageNote(done, planned, 'done');
  return textCell(`${quantileName(known.quantile)} ${formatUs(known.valueUs)}`, {
    value: known.valueUs,
    unit: 'us',
    marks: coverageNotes.map((text) => notes.mark(text)),
  });
}

function observedCell(trials: readonly Trial[]): Cell {
  const seen = downtimesMs(trials);
  if (seen.length === 0) return textCell('not observed', { tone: 'bad' });
  const longest = Math.max(...seen);
  return textCell(formatMs(longest), {
    value: longest * 1000,
    unit: 'us',
    below: seen.length > 1 ? plural(seen.length, 'fault') : null,
  });
}
