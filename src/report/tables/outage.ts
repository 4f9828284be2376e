import { OUTAGE_USES, type OutageKind } from '../../analysis/patterns/found-coupling.ts';
import { isUsedFor } from '../../plan/kinds/kinds.ts';
import {
  downtimesMs,
  loadedDowntimeMs,
  type OutageSeen,
  outageSeen,
} from '../../analysis/patterns/outage-seen.ts';
import { downText } from '../down-text.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatCount, formatMs, plural } from '../format.ts';
import { loadsText } from '../load-text.ts';
import type { Result, Trial } from '../../record/record.ts';
import { failingText } from '../outcomes.ts';
import { patiencesText } from '../patience-text.ts';
import { hasBroker, outagePhases, type PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { sampleCoverageNote } from '../sample-coverage.ts';
import { countCell, figureCell, knownCell, shareCell } from '../cells.ts';
import { figureColumn, patternRow, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { validityCell } from './verdicts.ts';

/** Calls and work of the time while the service or the broker is down; undefined where the scenario takes neither down. */
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
  // A target is never taken down.
  if (!plan || !order.some((entry) => isUsedFor(entry.kind, OUTAGE_USES[kind]))) return undefined;
  const lines = concerned(result, patterns, kind);
  const about = [
    loadsText(scenario),
    `deadline ${formatMs(scenario.deadlineMs)}`,
    ...[patiencesText(lines.map(({ record }) => record.patience))].filter((text) => text !== ''),
  ];
  return tableOf(
    {
      id: IDS[kind],
      title: `${WHO[kind]} ${downText(plan.do)} for ${formatMs(plan.forMs)}: one trial per pattern, ${about.join(', ')}`,
      nameOf: ({ pattern }) => patternRow(pattern),
      missing: (line) => missingCell(result, line, kind, notes),
      columns: columnsOf(kind, notes),
    },
    lines.map((pattern) => ({ pattern, seen: outageSeen(pattern, kind) })),
  );
}

interface Line {
  readonly pattern: PatternResult;
  readonly seen: OutageSeen;
}

function columnsOf(kind: OutageKind, notes: Footnotes): TableColumn<Line>[] {
  return [
    textColumn(
      'coupling',
      kind === 'serviceOutage' ? 'Coupling' : 'Coupling to the broker',
      ({ seen: { verdicts } }) => textCell(verdicts.join(' / '), { tone: toneOf(verdicts) }),
    ),
    figureColumn('served', 'Served while down', (line) => servedCell(line, kind, notes)),
    figureColumn('finally-done', 'Finally done', ({ seen }) => outageShareCell(seen, 'finallyDone')),
    figureColumn('never-done', 'Never done', ({ seen }) => neverCell(seen)),
    figureColumn('done-late', 'Completion time', ({ seen }) => lateCell(seen, notes)),
    figureColumn('outage', 'Observed outage', ({ pattern }) => observedCell(pattern.trials[kind])),
    figureColumn('loaded', 'Calls due for', ({ pattern }) => loadedCell(pattern.trials[kind]), {
      isOptional: true,
    }),
    textColumn('outage-validity', 'Validity', ({ pattern }) => validityCell(pattern.trials[kind], notes)),
  ];
}

/** A pattern without a broker has none to take down. */
function concerned(
  result: Result,
  patterns: readonly PatternResult[],
  kind: OutageKind,
): readonly PatternResult[] {
  return kind === 'serviceOutage' ? patterns : patterns.filter((pattern) => hasBroker(result, pattern));
}

const IDS = { serviceOutage: 'service-outage', brokerOutage: 'broker-outage' } as const;

const WHO = { serviceOutage: 'Service', brokerOutage: 'Broker' } as const;

function missingCell(
  result: Result,
  { pattern, seen }: Line,
  kind: OutageKind,
  notes: Footnotes,
): Cell | null {
  if (pattern.trials[kind].length === 0) {
    const [text, why] = missingText(result, pattern, kind);
    return textCell(text, { tone: 'weak', marks: why === undefined ? [] : [notes.mark(why)] });
  }
  return seen.counts.intended === 0 ? textCell('nothing found', { tone: 'weak' }) : null;
}

/** Reason for a row without figures, in a word or two; and the whole reason, if there is more of it. */
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

function servedCell({ pattern, seen }: Line, kind: OutageKind, notes: Footnotes): Cell {
  const accepted = pattern.waitsFor === 'confirm' ? [ACCEPTED[kind]] : [];
  const marks = [...accepted, ...failing(pattern, kind)].map((text) => notes.mark(text));
  return { ...outageShareCell(seen, 'served'), marks };
}

export function outageShareCell({ counts }: OutageSeen, part: 'served' | 'finallyDone'): Cell {
  if (counts.intended === 0) return EMPTY_CELL;
  return shareCell(counts[part] / counts.intended, { below: `of ${formatCount(counts.intended)}` });
}

function neverCell({ counts: { intended, finallyDone } }: OutageSeen): Cell {
  return countCell(intended - finallyDone, { tone: intended > finallyDone ? 'bad' : 'plain' });
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

function toneOf(verdicts: readonly string[]): Cell['tone'] {
  return verdicts.includes('tight') ? 'bad' : verdicts.includes('partial') ? 'plain' : 'good';
}

/** Completion of the work intended in the outage, at the highest known quantile. */
function lateCell({ completion }: OutageSeen, notes: Footnotes): Cell {
  if (!completion) return EMPTY_CELL;
  const { known, done, planned } = completion;
  const coverageNotes = sampleCoverageNote(done, planned, 'done');
  return knownCell(known, {
    marks: coverageNotes.map((text) => notes.mark(text)),
  });
}

function observedCell(trials: readonly Trial[]): Cell {
  const seen = downtimesMs(trials);
  if (seen.length === 0) return textCell('not observed', { tone: 'bad' });
  const longest = Math.max(...seen);
  return figureCell(longest * 1000, 'us', {
    text: formatMs(longest),
    below: seen.length > 1 ? plural(seen.length, 'fault') : null,
  });
}

/** Shares are of these calls alone. */
function loadedCell(trials: readonly Trial[]): Cell {
  const loaded = loadedDowntimeMs(trials);
  return loaded === null ? EMPTY_CELL : figureCell(loaded * 1000, 'us', { text: formatMs(loaded) });
}
