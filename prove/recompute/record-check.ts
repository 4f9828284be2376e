import type { TableCheck } from './check.ts';
import { couplingWord, countsOf } from './figures/coupling.ts';
import { endOfFault } from './figures/faults.ts';
import { isLate } from './figures/medians.ts';
import { addUp, outcomes, plannedIn } from './figures/patterns.ts';
import { decodeHdr } from './figures/hdr.ts';
import type {
  StoredFault,
  StoredLedger,
  StoredRecord,
  StoredTrial,
  StoredWaterfall,
} from './pages/stored.ts';

/** A stored figure that follows from others of its trial, and what it must be. */
interface Derived {
  readonly at: string;
  readonly stored: unknown;
  readonly own: unknown;
}

const WAYS = ['accepted', 'refused', 'unknown'] as const;

/** What is checked of a file without its report. */
export const OF_FILE = 'Figures that the file itself derives from others';

/** The figures that trials were given when they were measured, again from the counts and samples beside them. */
export function checkRecord({ trials }: StoredRecord): TableCheck {
  const done = trials.filter(({ state }) => state === 'done');
  const all = done.flatMap((trial) =>
    derivedIn(trial).map((one) => ({ ...one, at: `${nameOf(trial)}: ${one.at}` })),
  );
  return {
    heading: OF_FILE,
    cells: all.length,
    figures: all.filter(({ stored }) => /\d/.test(JSON.stringify(stored))).length,
    deviations: all
      .map(({ at, stored, own }) => ({ at, printed: JSON.stringify(stored), own: JSON.stringify(own) }))
      .filter(({ printed, own }) => printed !== own),
    words: new Map(),
    notRecomputed: [],
  };
}

function nameOf({ round, pattern, variant, kind, case: of }: StoredTrial): string {
  return [`round ${round}`, pattern, variant, kind, of].filter((part) => part != null).join(', ');
}

function derivedIn(trial: StoredTrial): Derived[] {
  return [
    ...seriesIn(trial, '').map(([at, series]): Derived => {
      const counted = decodeHdr(series.histogram).reduce((sum, { count }) => sum + count, 0);
      return { at: `samples of${at}`, stored: series.count, own: counted };
    }),
    ...trial.phases.map((phase): Derived => {
      const all = addUp(Object.values(phase.outcomes), (n) => n);
      return { at: `planned in ${phase.name}`, stored: phase.planned, own: all };
    }),
    { at: 'planned', stored: trial.planned, own: plannedIn(trial.phases) },
    ...trial.ledgers.flatMap(ledgerParts),
    ...couplingParts(trial),
    ...phaseParts(trial),
    ...contractParts(trial),
    ...validityParts(trial),
    ...(trial.waterfall ? waterfallParts(trial.waterfall) : []),
  ];
}

interface AnySeries {
  readonly histogram: string;
  readonly count: number;
}

/** Every series of a trial with its place. */
function seriesIn(value: unknown, at: string): [at: string, series: AnySeries][] {
  if (typeof value !== 'object' || value === null) return [];
  if ('histogram' in value) return [[at, value as AnySeries]];
  return Object.entries(value).flatMap(([key, inner]) => seriesIn(inner, `${at} ${key}`));
}

function ledgerParts(ledger: StoredLedger): Derived[] {
  const { subscriber, accepted, refused, lost, phantom, duplicates, late = 0 } = ledger;
  const at = (what: string) => `${what} at subscriber ${subscriber}`;
  return [
    { at: at('lost'), stored: lost, own: accepted.done0 - late },
    { at: at('phantom'), stored: phantom, own: refused.done1 + refused.doneMore },
    { at: at('duplicates'), stored: duplicates, own: addUp(WAYS, (way) => ledger[way].doneMore) },
  ];
}

function couplingParts(trial: StoredTrial): Derived[] {
  if (!trial.coupling) return [];
  const own = { ...countsOf([trial]), verdict: couplingWord([trial]) };
  return [{ at: 'coupling', stored: trial.coupling, own }];
}

/** Phases as their faults were observed. Results older than a field that all have now were cut as planned. */
function phaseParts({ kind, phases, faults, contractChange }: StoredTrial): Derived[] {
  const endNs = phases.at(-1)?.toNs ?? 0;
  const outage = phases.find(({ name }) => name === 'outage');
  const [fault] = faults;
  if (outage && fault?.observedNs != null && fault.readyNs !== null) {
    const own = [fault.observedNs, Math.min(fault.readyNs, endNs)];
    return [{ at: 'outage', stored: [outage.fromNs, outage.toNs], own }];
  }
  if (kind !== 'fault' || contractChange === undefined) return [];
  const bounds = faults.flatMap((one) => [one.plannedAtNs, Math.min(endOfFault(one), endNs)]);
  const cuts = [...new Set([0, ...bounds, endNs])].toSorted((a, b) => a - b);
  return [
    { at: 'phases', stored: [0, ...phases.map(({ toNs }) => toNs)], own: cuts },
    ...phases.map(({ name, fromNs, toNs }): Derived => {
      const own = stageAt((fromNs + toNs) / 2, faults);
      return { at: `name of the phase from ${fromNs}`, stored: name.replace(/#\d+$/, ''), own };
    }),
  ];
}

function stageAt(atNs: number, faults: readonly StoredFault[]): string {
  const on = faults.filter((one) => atNs >= one.plannedAtNs && atNs < endOfFault(one));
  if (on.length > 0) return [...new Set(on.map((one) => one.id ?? one.do))].join('+');
  if (faults.every((one) => atNs < one.plannedAtNs)) return 'baseline';
  return faults.every((one) => atNs >= endOfFault(one)) ? 'recovery' : 'between';
}

/** Each planned call has one end. */
function contractParts({ planned, contractChange }: StoredTrial): Derived[] {
  if (contractChange == null) return [];
  const ends = addUp(Object.values(contractChange.counts), (n) => n);
  return [{ at: 'ends of calls under another contract', stored: ends, own: planned }];
}

const CHECKED = [0.5, 0.9, 0.99, 0.999];
/** A late generator at one of these makes the whole trial invalid. */
const OF_TRIAL = 0.9;

function validityParts(trial: StoredTrial): Derived[] {
  const { validity, phases } = trial;
  const bound = CHECKED.filter((q) => isLate(phases, q));
  const isBound = bound.some((q) => q <= OF_TRIAL) || outcomes(phases, 'unsent') > 0;
  const others = isDisturbed(trial) ? 'disturbed' : 'valid';
  // Missing evidence is known from nowhere else.
  const own = validity.verdict === 'incomplete' ? 'incomplete' : isBound ? 'generator-bound' : others;
  return [
    { at: 'quantiles at which the generator was late', stored: validity.boundQuantiles, own: bound },
    { at: 'validity', stored: validity.verdict, own },
  ];
}

const LIMITS = { steal: 0.02, others: 0.1, loopDelayNs: 10e6, stall: 0.05, collections: 0.05 };

function isDisturbed({ machine, generator, phases }: StoredTrial): boolean {
  const measuredNs = (phases.at(-1)?.toNs ?? 0) - (phases[0]?.fromNs ?? 0);
  if ((machine.steal ?? 0) > LIMITS.steal || (machine.others ?? 0) > LIMITS.others) return true;
  if (!generator) return false;
  const { loopDelayP99Ns, loopDelayMaxNs, gcMaxNs, gcTotalNs } = generator;
  return (
    loopDelayP99Ns > LIMITS.loopDelayNs ||
    Math.max(loopDelayMaxNs, gcMaxNs) > LIMITS.stall * measuredNs ||
    gcTotalNs > LIMITS.collections * measuredNs
  );
}

const LEAST_NS = 1000;
const PER_DOUBLING = 32;

/** The mean of a bucket's requests lies within the bucket. */
function waterfallParts({ buckets }: StoredWaterfall): Derived[] {
  return buckets.map(([number, requests, ...sums]) => {
    const meanNs = addUp(sums, (ns) => ns) / requests!;
    const exact = Math.log2(Math.max(meanNs, LEAST_NS) / LEAST_NS) * PER_DOUBLING;
    return {
      at: `bucket of the waterfall's ${requests} requests`,
      stored: number,
      own: Math.trunc(exact + 1e-9),
    };
  });
}
