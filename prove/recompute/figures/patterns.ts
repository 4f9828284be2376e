import type {
  StoredLoad,
  StoredPattern,
  StoredPhase,
  StoredRecord,
  StoredSeries,
  StoredTrial,
  StoredVariant,
} from '../pages/stored.ts';
import { type Samples, together } from './samples.ts';

/** A pattern, under one variant where a table tells variants apart, with the finished trials that are its own. */
export interface PatternLine {
  readonly record: StoredRecord;
  readonly pattern: StoredPattern;
  /** Title; null: none, or several of them together. */
  readonly variant: string | null;
  readonly scope: Scope;
  readonly name: string;
  readonly load: StoredLoad;
  readonly trials: readonly StoredTrial[];
}

/** All trials of a pattern; those of the scenario as it stands; or those of one variant. */
type Scope = 'all' | 'base' | StoredVariant;

/** One for each pattern. */
export function patternLines(record: StoredRecord): PatternLine[] {
  return record.patterns.map((pattern) => lineOf(record, pattern, 'all'));
}

/** One for each pattern as the scenario stands, without trials of variants that change it, where one does not. */
export function baseLines(record: StoredRecord): PatternLine[] {
  const scope = ranVariants(record).some(isUnchanged) ? 'base' : 'all';
  return record.patterns.map((pattern) => lineOf(record, pattern, scope));
}

/** Has nothing but its names. */
export function isUnchanged({
  id: _id,
  title: _title,
  optional: _optional,
  ...changes
}: StoredVariant): boolean {
  return Object.values(changes).every((change) => change === undefined);
}

export function lineUnder(record: StoredRecord, pattern: StoredPattern, variant: StoredVariant): PatternLine {
  return lineOf(record, pattern, variant);
}

/** Another pattern, of the same trials; undefined: it is not there. */
export function besideIn(
  { record, scope }: PatternLine,
  id: string | null | undefined,
): PatternLine | undefined {
  const pattern = record.patterns.find((one) => one.id === id);
  return pattern && lineOf(record, pattern, scope);
}

/** One for each pattern under each variant that was run. */
export function variantLines(record: StoredRecord): PatternLine[] {
  const variants = ranVariants(record);
  if (variants.length === 0) return patternLines(record);
  return record.patterns.flatMap((pattern) => variants.map((variant) => lineOf(record, pattern, variant)));
}

export function ranVariants({ scenario, design }: StoredRecord): StoredVariant[] {
  const order = design.order ?? [];
  return (scenario.variants ?? []).filter(({ id }) => order.some(({ variant }) => variant === id));
}

const known = new WeakMap<StoredRecord, Map<string, PatternLine>>();

/** Each is made once, so that what is computed of it can be kept. */
function lineOf(record: StoredRecord, pattern: StoredPattern, scope: Scope): PatternLine {
  const lines = known.get(record) ?? new Map<string, PatternLine>();
  known.set(record, lines);
  const key = JSON.stringify([pattern.id, typeof scope === 'string' ? scope : [scope.id]]);
  const line = lines.get(key) ?? newLine(record, pattern, scope);
  lines.set(key, line);
  return line;
}

function newLine(record: StoredRecord, pattern: StoredPattern, scope: Scope): PatternLine {
  const own = record.scenario.patterns.find(({ id }) => id === pattern.id);
  const variant = typeof scope === 'string' ? null : scope;
  const changing = (record.scenario.variants ?? []).filter((one) => !isUnchanged(one)).map(({ id }) => id);
  const isMine = (trial: StoredTrial) => {
    const of = trial.variant ?? null;
    return scope === 'all' || (variant === null ? of === null || !changing.includes(of) : of === variant.id);
  };
  return {
    record,
    pattern,
    scope,
    variant: variant?.title ?? null,
    name: variant === null ? pattern.title : `${pattern.title}, ${variant.title}`,
    load: variant?.load ?? own?.load ?? record.scenario.load,
    trials: record.trials.filter((trial) => trial.pattern === pattern.id && isMine(trial)),
  };
}

export function doneTrials({ trials }: Pick<PatternLine, 'trials'>, ...kinds: string[]): StoredTrial[] {
  return kinds.flatMap((kind) => trials.filter((trial) => trial.kind === kind && trial.state === 'done'));
}

/** All but no-op baselines and counts of bytes. */
export function timedTrials(line: PatternLine): StoredTrial[] {
  return doneTrials(line, 'latency', 'service-outage', 'broker-outage', 'idle-busy');
}

export function hasBroker({ record, pattern }: PatternLine): boolean {
  return pattern.broker != null || record.brokers.some(({ name }) => name === pattern.transport);
}

const ANSWERED = ['request-reply', 'server-stream'];

/** The caller waits for the service's reply. */
export function isAnswered(interaction: string): boolean {
  return ANSWERED.includes(interaction);
}

export function isDoneByReply({ interaction, completion }: StoredPattern): boolean {
  return isAnswered(interaction) && completion == null;
}

export function isWorkKnown({ evidence }: StoredTrial): boolean {
  return evidence !== 'none';
}

export type SeriesName = 'response' | 'completion' | 'firstCompletion' | 'firstItem' | 'itemJitter';

export function seriesOf(phases: readonly StoredPhase[], name: SeriesName): StoredSeries[] {
  return phases.flatMap((phase) => phase[name] ?? []);
}

export function phasesOf(trials: readonly StoredTrial[]): StoredPhase[] {
  return trials.flatMap(({ phases }) => phases);
}

/** The samples of each round; rounds without the series are left out. */
export function roundsOf(line: PatternLine, name: SeriesName): Samples[] {
  const isOfWork = name === 'completion' || name === 'firstCompletion';
  const trials = doneTrials(line, 'latency').filter((trial) => !isOfWork || isWorkKnown(trial));
  return trials.flatMap(({ phases }) => together(seriesOf(phases, name)) ?? []);
}

/** All rounds together. */
export function wholeOf(line: PatternLine, name: SeriesName): Samples | null {
  const isOfWork = name === 'completion' || name === 'firstCompletion';
  const trials = doneTrials(line, 'latency').filter((trial) => !isOfWork || isWorkKnown(trial));
  return together(seriesOf(phasesOf(trials), name));
}

export function addUp<Of>(all: readonly Of[], figure: (one: Of) => number): number {
  return all.reduce((sum, one) => sum + figure(one), 0);
}

export function outcomes(phases: readonly StoredPhase[], outcome: string): number {
  return addUp(phases, (phase) => phase.outcomes[outcome] ?? 0);
}

/** Seconds of intended time. */
export function secondsOf(phases: readonly StoredPhase[]): number {
  return addUp(phases, ({ fromNs, toNs }) => toNs - fromNs) / 1e9;
}

export function plannedIn(phases: readonly StoredPhase[]): number {
  return addUp(phases, ({ planned }) => planned);
}

/** The middle one, or the lower of the two in the middle. */
export function lowerMedian(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}

/** Median over the rounds of the lesser of both rates of the closed loop. */
export function capacityOf(trials: readonly StoredTrial[]): number | undefined {
  return lowerMedian(trials.flatMap((trial) => weakestRate(trial) ?? []));
}

export function weakestRate({ capacity }: StoredTrial): number | undefined {
  const rates = [capacity.acknowledgedPerS, capacity.donePerS].filter((perS) => perS !== null && perS > 0);
  return rates.length === 0 ? undefined : Math.min(...(rates as number[]));
}

/** The greatest rate of a load. */
export function peakOf({ ratePerS, peakPerS, fromPerS, toPerS, steps }: StoredLoad): number {
  const rates = [ratePerS, peakPerS, fromPerS, toPerS, ...(steps ?? []).map((step) => step.ratePerS)];
  return Math.max(0, ...rates.filter((perS) => perS !== undefined));
}
