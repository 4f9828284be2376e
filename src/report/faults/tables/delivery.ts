import { isAnswered } from '../../../contracts/interactions.ts';
import { isDoneByReply } from '../../../analysis/patterns/evidence.ts';
import type { ServiceFigures } from '../../../measure/hops/hop-figures.ts';
import { countCell, timeCell } from '../../cells.ts';
import type { Footnotes } from '../../footnotes.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { byCase, hopsOf, isDegraded } from '../../../analysis/faults/fault-trials.ts';
import { faultSection, type FaultColumn, type Part } from '../fault-section.ts';
import type { ServiceLedger } from '../../../analysis/faults/service-ledgers.ts';
import { secondsText } from '../recovery-text.ts';
import { serviceName } from '../service-name.ts';

interface DeliveryPart extends Part {
  readonly ledger: ServiceLedger;
  /** Of each round. */
  readonly backlogs: readonly NonNullable<ServiceFigures['backlog']>[];
}

/** What became of the work where being accepted is not being done, and where it was done more than once. */
export function deliverySection(
  comparisons: readonly FaultComparison[],
  notes: Footnotes,
): Section | undefined {
  const figures: FaultColumn<DeliveryPart>[] = [
    { id: 'accepted', title: 'Accepted', cell: ({ ledger }) => countCell(ledger.accepted) },
    { id: 'done', title: 'Done', cell: (part) => doneCell(part, notes) },
    { id: 'lost', title: 'Lost', cell: (part) => lostCell(part, notes) },
    { id: 'late', title: 'Late', cell: (part) => lateCell(part, notes) },
    { id: 'duplicates', title: 'Duplicates', cell: ({ ledger }) => faultCell(ledger.duplicates) },
    { id: 'dead-lettered', title: 'Dead-lettered', cell: ({ ledger }) => ifAny(ledger.deadLettered) },
    { id: 'phantom', title: 'Phantom', cell: ({ ledger }) => ifAny(ledger.phantom) },
    { id: 'backlog', title: 'Backlog peak', cell: peakCell },
    { id: 'drain', title: 'Drained after', cell: drainCell },
  ];
  return faultSection(
    {
      id: 'delivery',
      title: 'Delivery of the work, over the whole trial',
      labels: ['Service'],
      figures,
    },
    byCase(comparisons).flatMap((of) => {
      const shown = new Set(of.flatMap(oddServices));
      return of.flatMap(partsOf).filter(({ ledger }) => shown.has(serviceName(ledger)));
    }),
  );
}

/** Those whose work comes over a broker, or was not done once: of the others it says nothing to be told. */
function oddServices(comparison: FaultComparison): string[] {
  const isOdd = ({ lost, late, duplicates, deadLettered, phantom }: ServiceLedger) =>
    lost + late + duplicates + deadLettered + phantom > 0;
  return comparison.work.ledgers
    .filter((ledger) => ledger.isAsynchronous || isOdd(ledger) || !isDoneByReply(comparison.pattern))
    .map(serviceName);
}

function partsOf(comparison: FaultComparison): DeliveryPart[] {
  return comparison.work.ledgers.map((ledger) => ({
    comparison,
    labels: [serviceName(ledger)],
    ledger,
    backlogs: hopsOf(comparison.trials).flatMap(({ services }) =>
      services.flatMap(({ id, backlog }) => (id === ledger.service && backlog ? [backlog] : [])),
    ),
  }));
}

function faultCell(n: number): Cell {
  return countCell(n, { tone: n > 0 ? 'bad' : 'plain' });
}

function lostCell({ comparison, ledger }: DeliveryPart, notes: Footnotes): Cell {
  const isByFallback = ledger.lost > 0 && isDegraded(comparison);
  return { ...faultCell(ledger.lost), marks: isByFallback ? [notes.mark(BY_FALLBACK)] : [] };
}

function lateCell({ ledger: { late } }: DeliveryPart, notes: Footnotes): Cell {
  if (late === 0) return EMPTY_CELL;
  return { ...faultCell(late), marks: [notes.mark(STILL_IN_BROKER)] };
}

const STILL_IN_BROKER =
  'Accepted, not done, and still in the broker when the trial was over: late, not lost.';

const BY_FALLBACK =
  'A fallback answered in the place of whoever was called: the request was accepted, and this work was never done.';

function ifAny(n: number): Cell {
  return n === 0 ? EMPTY_CELL : faultCell(n);
}

function doneCell({ comparison, ledger }: DeliveryPart, notes: Footnotes): Cell {
  const unknown = ledger.service === null ? [] : unknownTo(comparison, ledger.service);
  return countCell(ledger.done, { marks: unknown.map((text) => notes.mark(text)) });
}

/** What a caller that waits for the broker's confirm only can no longer know. */
function unknownTo({ trials }: FaultComparison, service: string): string[] {
  const edges = hopsOf(trials)[0]?.edges ?? [];
  return edges
    .filter(({ to, interaction }) => to === service && !isAnswered(interaction))
    .map(
      ({ from, to, transport }) =>
        `Over ${transport}, ${from} learns only that the broker has the message: not whether or when ${to} has done it, nor any data that it would have answered with.`,
    );
}

function peakCell({ backlogs }: DeliveryPart): Cell {
  if (backlogs.length === 0) return EMPTY_CELL;
  const highest = backlogs.toSorted((a, b) => b.peak - a.peak)[0]!;
  return countCell(highest.peak, { below: highest.peak > 0 ? `at ${secondsText(highest.peakAtNs)}` : null });
}

/** From the last arrival on. */
function drainCell({ backlogs }: DeliveryPart): Cell {
  if (backlogs.length === 0) return EMPTY_CELL;
  const left = Math.max(...backlogs.map((backlog) => backlog.left));
  if (backlogs.some(({ drainNs }) => drainNs === null))
    return textCell('never', { below: `${left} left`, tone: 'bad' });
  return timeCell(Math.max(...backlogs.map(({ drainNs }) => drainNs!)));
}
