import { cell, cellOf, ifAny } from '../../figures/cells.ts';
import { type FaultLine, faultLines, hopsOf, phasesFromFault, phasesInside } from '../../figures/faults.ts';
import { afterText, harmedAfter } from '../../figures/health.ts';
import { addUp, isDoneByReply, isWorkKnown } from '../../figures/patterns.ts';
import type { StoredLedger, StoredService, StoredTrial } from '../../pages/stored.ts';
import * as write from '../../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule } from '../../rule.ts';
import { faultTableRule, type OfFault } from '../../fault-table.ts';

const WAYS = ['accepted', 'refused', 'unknown'] as const;

interface DeliveryLine extends OfFault {
  readonly service: string;
  readonly ledgers: readonly StoredLedger[];
  readonly backlogs: readonly NonNullable<StoredService['backlog']>[];
}

const deliveryRule = faultTableRule<DeliveryLine>({
  heading: /^Delivery of the work, over the whole trial$/,
  lines: (record) => {
    const all = faultLines(record).flatMap(deliveryLines);
    const isShown = ({ line, service }: DeliveryLine) =>
      all.some((one) => one.line.case?.id === line.case?.id && one.service === service && isOdd(one));
    return all.filter(isShown);
  },
  columns: () => ({
    Service: ({ service }) => service,
    Accepted: (one) => sumCell(one, ({ accepted: a }) => a.done0 + a.done1 + a.doneMore + a.deadLettered),
    Done: (one) => sumCell(one, (ledger) => addUp(WAYS, (way) => ledger[way].done1 + ledger[way].doneMore)),
    Lost: (one) => sumCell(one, lostIn),
    Late: ({ ledgers }) => ifAny(addUp(ledgers, lateIn)),
    Duplicates: (one) => sumCell(one, repeatedIn),
    'Dead-lettered': ({ ledgers }) => ifAny(addUp(ledgers, deadIn)),
    Phantom: ({ ledgers }) => ifAny(addUp(ledgers, phantomIn)),
    'Backlog peak': ({ backlogs }) => {
      const highest = backlogs.toSorted((a, b) => b.peak - a.peak)[0];
      if (!highest) return NOTHING;
      return cell(
        write.count(highest.peak),
        highest.peak > 0 ? `at ${write.instant(highest.peakAtNs)}` : null,
      );
    },
    'Drained after': drainCell,
  }),
});

const lostIn = (ledger: StoredLedger) => ledger.accepted.done0 - lateIn(ledger);
const lateIn = ({ late }: StoredLedger) => late ?? 0;
const repeatedIn = (ledger: StoredLedger) => addUp(WAYS, (way) => ledger[way].doneMore);
const deadIn = (ledger: StoredLedger) => addUp(WAYS, (way) => ledger[way].deadLettered);
const phantomIn = ({ refused }: StoredLedger) => refused.done1 + refused.doneMore;

/** Over all services and rounds. */
export function lostAndRepeated(line: FaultLine): { readonly lost: number; readonly repeated: number } {
  const ledgers = deliveryLines(line).flatMap((one) => one.ledgers);
  return { lost: addUp(ledgers, lostIn), repeated: addUp(ledgers, repeatedIn) };
}

/** One for each service of a topology, or for each subscriber. */
function deliveryLines(line: FaultLine): DeliveryLine[] {
  const trials = line.trials.filter(isWorkKnown);
  const services = hopsOf(line.trials)[0]?.services ?? [];
  const subscribers = [
    ...new Set(trials.flatMap(({ ledgers }) => ledgers.map(({ subscriber }) => subscriber))),
  ];
  return subscribers.map((subscriber) => {
    const id = services[subscriber]?.id;
    const all = hopsOf(line.trials).flatMap((hops) => hops.services);
    return {
      line,
      service: id ?? (subscribers.length > 1 ? `subscriber ${subscriber + 1}` : 'service'),
      ledgers: trials.flatMap(({ ledgers }) => ledgers.filter((one) => one.subscriber === subscriber)),
      backlogs: all.flatMap((service) => (service.id === id && service.backlog ? [service.backlog] : [])),
    };
  });
}

/** Comes over a broker, or was not done exactly once. */
function isOdd({ line, ledgers, backlogs }: DeliveryLine): boolean {
  const odd = [lostIn, lateIn, repeatedIn, deadIn, phantomIn].map((of) => addUp(ledgers, of));
  return backlogs.length > 0 || odd.some((n) => n > 0) || !isDoneByReply(line.pattern);
}

function sumCell({ ledgers }: DeliveryLine, of: (ledger: StoredLedger) => number): OwnCell {
  return cell(write.count(addUp(ledgers, of)));
}

/** From the last arrival until nothing was left, of the slowest round. */
function drainCell({ backlogs }: DeliveryLine): OwnCell {
  if (backlogs.length === 0) return NOTHING;
  const times = backlogs.map(({ drainNs }) => drainNs);
  if (times.includes(null)) return cell('never', `${Math.max(...backlogs.map(({ left }) => left))} left`);
  return cell(write.us(Math.max(...times.map(Number)) / 1000));
}

interface Work {
  readonly executions: number;
  readonly useful: number;
  /** null or absent: a result older than the field. */
  readonly late?: number | null;
  readonly repeated?: number | null;
}

interface ServiceLine extends OfFault {
  readonly service: string;
  readonly work: Work;
  readonly usual: Work;
}

const servicesRule = faultTableRule<ServiceLine>({
  heading: /^By service, from the fault on/,
  lines: (record) => {
    const lines = faultLines(record);
    const isTopology = lines.some(({ trials }) => (trials[0]?.hops?.services.length ?? 0) > 1);
    return isTopology ? lines.flatMap(serviceLines) : [];
  },
  columns: () => ({
    Service: ({ service }) => service,
    'Harmed after': ({ line, service }) => cellOf(harmedAfter(line, service), afterText),
    Useful: (one) => workCell(one, 'useful'),
    Executions: (one) => workCell(one, 'executions'),
    Late: (one) => lossCell(one, ({ late }) => late ?? 0),
    Repeated: (one) => lossCell(one, ({ repeated }) => repeated ?? 0),
    Failed: (one) => lossCell(one, failedOf),
    'Wasted work': ({ work, usual }) => {
      const below = usual.executions === 0 ? null : `vs ${write.share(wastedShare(usual))}`;
      return work.executions === 0 ? NOTHING : cell(write.share(wastedShare(work)), below);
    },
  }),
});

function serviceLines(line: FaultLine): ServiceLine[] {
  const [first] = line.trials;
  return (first?.hops?.services ?? []).map(({ id }) => {
    const here = line.trials.map((trial) => workIn(trial, id, phasesFromFault(trial)));
    const spans = phasesFromFault(first!);
    const besides = line.controls.map((control) =>
      workIn(
        control,
        id,
        spans.flatMap((span) => phasesInside(control, span)),
      ),
    );
    return { line, service: id, work: addWork(here), usual: addWork(besides) };
  });
}

function workIn({ hops }: StoredTrial, id: string, phases: readonly { readonly name: string }[]): Work {
  const names = phases.map(({ name }) => name);
  const own = (hops?.services ?? []).filter((service) => service.id === id);
  return addWork(own.flatMap((service) => service.phases.filter(({ name }) => names.includes(name))));
}

function addWork(all: readonly Work[]): Work {
  return {
    executions: addUp(all, ({ executions }) => executions),
    useful: addUp(all, ({ useful }) => useful),
    late: all.some(({ late }) => late == null) ? null : addUp(all, ({ late }) => late!),
    repeated: all.some(({ repeated }) => repeated == null) ? null : addUp(all, ({ repeated }) => repeated!),
  };
}

/** What is left when all others are taken away. */
function failedOf({ executions, useful, late, repeated }: Work): number {
  return late == null || repeated == null ? 0 : executions - useful - late - repeated;
}

/** Empty where neither it nor the control has any. */
function lossCell({ work, usual }: ServiceLine, of: (work: Work) => number): OwnCell {
  if (of(work) + of(usual) === 0) return NOTHING;
  return cell(write.count(of(work)), usual.executions === 0 ? null : `vs ${write.count(of(usual))}`);
}

/** Executions that are no part of an answer in time. */
function wastedShare({ executions, useful }: Work): number {
  return (executions - useful) / executions;
}

function workCell({ work, usual }: ServiceLine, of: 'executions' | 'useful'): OwnCell {
  return cell(write.count(work[of]), usual.executions === 0 ? null : `vs ${write.count(usual[of])}`);
}

export const rules: readonly TableRule[] = [deliveryRule, servicesRule];
