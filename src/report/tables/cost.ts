import { figureCell, shareCell } from '../cells.ts';
import { isStream } from '../../contracts/interactions.ts';
import type { Footnotes } from '../footnotes.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import { DRIFTING } from '../drift-text.ts';
import { formatCount, formatCpuUs, formatRate } from '../format.ts';
import { isNearSaturation, utilisationOf } from '../../analysis/patterns/utilisation.ts';
import { type DriftFigure, driftsOf } from '../../analysis/patterns/drift.ts';
import { cpuOf } from '../../analysis/patterns/cpu.ts';
import { type CpuPart, type CpuSlope, cpuSlopeOf } from '../../analysis/patterns/cpu-slope.ts';
import type { Result } from '../../record/record.ts';
import {
  closedLoopPerS,
  hasBroker,
  type PatternResult,
  sameGuarantee,
} from '../../analysis/patterns/pattern-result.ts';
import { sampleCoverageNote } from '../sample-coverage.ts';
import { figureColumn, patternRow, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { VARIANT } from './latency.ts';

/** CPU time, closed loop, utilisation and guarantee of each pattern under each variant. */
export function costSection(result: Result, lines: readonly PatternResult[], notes: Footnotes): Section {
  return tableOf<PatternResult>(
    {
      id: 'cost',
      title: 'CPU per request, closed loop and guarantees',
      nameOf: patternRow,
      columns: [
        VARIANT,
        figureColumn('cpu-caller', 'CPU caller', (line) => cpuCell(line, 'callerUs', notes)),
        figureColumn('cpu-service', 'CPU service', (line) => cpuCell(line, 'serviceUs', notes)),
        figureColumn('cpu-broker', 'CPU broker', (line) =>
          hasBroker(result, line) ? cpuCell(line, 'brokerUs', notes) : EMPTY_CELL,
        ),
        figureColumn('noop-p50', 'No-op p50', (line) => noopCell(line, notes)),
        figureColumn('closed-loop', `Closed loop, ${result.scenario.warmUp.concurrency} open`, (line) =>
          figureCell(closedLoopPerS(line), 'per-s'),
        ),
        figureColumn('utilisation', 'Utilisation', (line) => utilisationCell(result, line), {
          isOptional: true,
        }),
        textColumn('guarantee', 'Guarantee', (line) => guaranteeCell(line, lines, notes)),
      ],
    },
    lines,
  );
}

export function guaranteeCell(
  pattern: PatternResult,
  patterns: readonly PatternResult[],
  notes: Footnotes,
): Cell {
  const unequal =
    'These patterns have different guarantees: no order between them is claimed without a note.';
  return textCell(pattern.record.guarantee.label, {
    marks: sameGuarantee(patterns) ? [] : [notes.mark(unequal)],
  });
}

export const CPU_UNKNOWN = 'CPU time unknown: not readable here, or the process is not ours.';

const WHOLE_STREAM = 'A request of this pattern is a whole stream: its cost includes all items.';

/** The caller is the generator: its own cost is no pattern's. */
const DRIFT_OF: Readonly<Record<CpuPart, DriftFigure | null>> = {
  callerUs: null,
  serviceUs: 'cpu-service',
  brokerUs: 'cpu-broker',
};

function cpuCell(pattern: PatternResult, part: CpuPart, notes: Footnotes): Cell {
  if (pattern.trials.latency.length === 0) return EMPTY_CELL;
  const cpu = cpuOf(pattern, part);
  if (!cpu) return textCell('unknown', { tone: 'weak', marks: [notes.mark(CPU_UNKNOWN)] });
  const drift = driftsOf(pattern).find(({ figure }) => figure === DRIFT_OF[part]);
  if (drift) {
    const text = `${formatCount(drift.firstUs)} → ${formatCpuUs(drift.lastUs)}`;
    return textCell(text, { tone: 'weak', marks: [notes.mark(DRIFTING)] });
  }
  const slope = cpuSlopeOf(pattern, part);
  if (slope) return slopeCell(slope, cpuNotes(pattern, part, notes), notes);
  const [low, high] = [formatCount(cpu.lowUs), formatCount(cpu.highUs)];
  return figureCell(cpu.us, 'cpu-us', {
    below: low === high ? null : `${low}–${high}`,
    marks: cpuNotes(pattern, part, notes),
  });
}

function cpuNotes(pattern: PatternResult, part: CpuPart, notes: Footnotes): string[] {
  return [
    ...(isStream(pattern.record.interaction) ? [notes.mark(WHOLE_STREAM)] : []),
    ...(part === 'serviceUs' ? sumNote(pattern, notes) : []),
  ];
}

/** `279 µs`, below it `251–307, + 0.07 cores`: what a further request takes, beside what no request causes. */
function slopeCell(
  { us, lowUs, highUs, fixedCores, rates }: CpuSlope,
  marks: string[],
  notes: Footnotes,
): Cell {
  const [low, high] = rates.map((perS) => formatRate(Math.round(perS)));
  const note = `Of a further request, by the slope between ${low} and ${high} with its 95 % interval; below it the cores that are used whatever the rate.`;
  return figureCell(us, 'cpu-us', {
    below: `${formatCount(lowUs)}–${formatCount(highUs)}, ${fixedCores < 0 ? '−' : '+'} ${Math.abs(fixedCores).toFixed(2)} cores`,
    interval: { low: lowUs, high: highUs },
    marks: [notes.mark(note), ...marks],
  });
}

/** With several subscribers a request is worked off by each. */
export function sumNote({ record: { subscribers } }: PatternResult, notes: Footnotes): string[] {
  return subscribers > 1 ? [notes.mark(`Of all ${subscribers} subscribers together.`)] : [];
}

const ABOVE =
  'Above the pattern itself, which also does its work: an error of measurement, of at least the difference.';

/** Doing nothing takes no longer than the work, but for what differs between two trials. */
function isAbovePattern(noopUs: number, { series: { response } }: PatternResult): boolean {
  const cell = response.merged && quantileCell(response.merged, 0.5);
  return cell?.state === 'known' && noopUs > cell.valueUs;
}

function noopCell(pattern: PatternResult, notes: Footnotes): Cell {
  const [phase] = pattern.trials.noop.flatMap((trial) => trial.phases);
  const cell = phase && quantileCell(phase.response, 0.5);
  if (!phase || cell?.state !== 'known') return EMPTY_CELL;
  const coverageNotes = sampleCoverageNote(phase.response.count, phase.planned, pattern.waitsFor);
  const isAbove = isAbovePattern(cell.valueUs, pattern);
  const marks = [...coverageNotes, ...(isAbove ? [ABOVE] : [])].map((text) => notes.mark(text));
  return figureCell(cell.valueUs, 'us', { marks, ...(isAbove ? { tone: 'bad' } : {}) });
}

function utilisationCell(result: Result, pattern: PatternResult): Cell {
  const known = pattern.trials.latency.length > 0 && utilisationOf(result, pattern);
  if (!known) return EMPTY_CELL;
  return shareCell(known.share, {
    below: formatRate(known.sustainedPerS),
    tone: isNearSaturation(known) ? 'bad' : 'plain',
  });
}
