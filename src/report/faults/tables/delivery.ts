import { figureColumn } from '../../table.ts';
import { isAnswered } from '../../../contracts/interactions.ts';
import { isDoneByReply } from '../../../analysis/patterns/evidence.ts';
import type { ServiceFigures } from '../../../measure/hops/hop-figures.ts';
import { countCell, timeCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { byCase, hopsOf, isDegraded } from '../../../analysis/faults/fault-trials.ts';
import { type ComparedLine, faultTable, labelColumn } from '../fault-table.ts';
import type { ServiceLedger } from '../../../analysis/faults/service-ledgers.ts';
import { secondsText } from '../recovery-text.ts';
import { serviceName } from '../service-name.ts';

interface DeliveryLine extends ComparedLine {
  readonly ledger: ServiceLedger;
  /** One per round. */
  readonly backlogs: readonly NonNullable<ServiceFigures['backlog']>[];
}

/** The work of services whose acceptance is not completion, or that did some of it more than once. */
export function deliverySection(comparisons: readonly FaultComparison[], notes: Footnotes): Section {
  return faultTable<DeliveryLine>(
    {
      id: 'delivery',
      title: 'Delivery of the work, over the whole trial',
      columns: [
        labelColumn('Service', ({ ledger }) => serviceName(ledger)),
        figureColumn('accepted', 'Accepted', ({ ledger }) => countCell(ledger.accepted)),
        figureColumn('done', 'Done', (line) => doneCell(line, notes)),
        figureColumn('lost', 'Lost', (line) => lostCell(line, notes)),
        figureColumn('late', 'Late', (line) => lateCell(line, notes)),
        figureColumn('duplicates', 'Duplicates', ({ ledger }) => faultCell(ledger.duplicates)),
        figureColumn('dead-lettered', 'Dead-lettered', ({ ledger }) => ifAny(ledger.deadLettered)),
        figureColumn('phantom', 'Phantom', ({ ledger }) => ifAny(ledger.phantom)),
        figureColumn('backlog', 'Backlog peak', peakCell),
        figureColumn('drain', 'Drained after', drainCell),
      ],
    },
    byCase(comparisons).flatMap((of) => {
      const shown = new Set(of.flatMap(oddServices));
      return of.flatMap(linesOf).filter(({ ledger }) => shown.has(serviceName(ledger)));
    }),
  );
}

/** Services whose work comes over a broker, or was not done exactly once. */
function oddServices(comparison: FaultComparison): string[] {
  const isOdd = ({ lost, late, duplicates, deadLettered, phantom }: ServiceLedger) =>
    lost + late + duplicates + deadLettered + phantom > 0;
  return comparison.work.ledgers
    .filter((ledger) => ledger.isAsynchronous || isOdd(ledger) || !isDoneByReply(comparison.pattern))
    .map(serviceName);
}

function linesOf(comparison: FaultComparison): DeliveryLine[] {
  return comparison.work.ledgers.map((ledger) => ({
    comparison,
    ledger,
    backlogs: hopsOf(comparison.trials).flatMap(({ services }) =>
      services.flatMap(({ id, backlog }) => (id === ledger.service && backlog ? [backlog] : [])),
    ),
  }));
}

function faultCell(n: number): Cell {
  return countCell(n, { tone: n > 0 ? 'bad' : 'plain' });
}

function lostCell({ comparison, ledger }: DeliveryLine, notes: Footnotes): Cell {
  const isByFallback = ledger.lost > 0 && isDegraded(comparison);
  return { ...faultCell(ledger.lost), marks: isByFallback ? [notes.mark(BY_FALLBACK)] : [] };
}

function lateCell({ ledger: { late } }: DeliveryLine, notes: Footnotes): Cell {
  if (late === 0) return EMPTY_CELL;
  return { ...faultCell(late), marks: [notes.mark(STILL_IN_BROKER)] };
}

const STILL_IN_BROKER =
  'Accepted, not done, and still in the broker when the trial was over: late, not lost.';

export const BY_FALLBACK =
  'A fallback answered in the place of whoever was called: the request was accepted, and this work was never done.';

function ifAny(n: number): Cell {
  return n === 0 ? EMPTY_CELL : faultCell(n);
}

function doneCell({ comparison, ledger }: DeliveryLine, notes: Footnotes): Cell {
  const unknown = ledger.service === null ? [] : unknownTo(comparison, ledger.service);
  return countCell(ledger.done, { marks: unknown.map((text) => notes.mark(text)) });
}

/** A caller that waits for the broker's confirm only no longer knows this. */
function unknownTo({ trials }: FaultComparison, service: string): string[] {
  const edges = hopsOf(trials)[0]?.edges ?? [];
  return edges
    .filter(({ to, interaction }) => to === service && !isAnswered(interaction))
    .map(
      ({ from, to, transport }) =>
        `Over ${transport}, ${from} learns only that the broker has the message: not whether or when ${to} has done it, nor any data that it would have answered with.`,
    );
}

function peakCell({ backlogs }: DeliveryLine): Cell {
  if (backlogs.length === 0) return EMPTY_CELL;
  const highest = backlogs.toSorted((a, b) => b.peak - a.peak)[0]!;
  return countCell(highest.peak, { below: highest.peak > 0 ? `at ${secondsText(highest.peakAtNs)}` : null });
}

/** From the last arrival on. */
function drainCell({ backlogs }: DeliveryLine): Cell {
  if (backlogs.length === 0) return EMPTY_CELL;
  const left = Math.max(...backlogs.map((backlog) => backlog.left));
  if (backlogs.some(({ drainNs }) => drainNs === null))
    return textCell('never', { below: `${left} left`, tone: 'bad' });
  return timeCell(Math.max(...backlogs.map(({ drainNs }) => drainNs!)));
}
