import { definitionsBeside } from '../../platform/definitions.ts';
import type { WhenAsked, WhenInRounds, TimelineSource, TrialKind, Use } from './kind.ts';
import type { Timeline } from './timeline/timeline.ts';

/** Every kind of this folder, by name. */
export const KINDS: readonly TrialKind[] = await definitionsBeside<TrialKind>(import.meta.filename);

export const KIND_NAMES: readonly string[] = KINDS.map(({ name }) => name);

export type AskedKind = TrialKind & { readonly runs: WhenAsked };
type RoundKind = TrialKind & { readonly runs: WhenInRounds };

const RANKED = KINDS.toSorted(({ runs: a }, { runs: b }) => a.rank - b.rank);

/** Kinds that have a field in the scenario, in the order in which they run. */
export const ASKED_KINDS = RANKED.filter((kind): kind is AskedKind => kind.runs.when !== 'in rounds');

export const KINDS_IN_ROUNDS = RANKED.filter((kind): kind is RoundKind => kind.runs.when === 'in rounds');

/** @throws RangeError where there is none: names were validated with the scenario or the result */
export function kindByName(name: string): TrialKind {
  const found = KINDS.find((kind) => kind.name === name);
  if (!found) throw new RangeError(`Expected a kind of trial, found ${name}`);
  return found;
}

/** Whether the analysis may use a trial of this kind for one of these. */
export function isUsedFor(name: string, ...uses: readonly Use[]): boolean {
  return kindByName(name).uses.some((use) => uses.includes(use));
}

/** The scenario field of a kind. */
export function fieldOf(name: string): string {
  const { runs } = kindByName(name);
  if (runs.when === 'in rounds') throw new RangeError(`Expected a kind with a field, found ${name}`);
  return runs.field;
}

/** Whether the scenario asks for a kind by its field. */
export function isAskedFor(scenario: object, kind: TrialKind): boolean {
  const settings = settingsOf(scenario, kind);
  return settings !== null && settings !== false;
}

/** Value of the kind's own field; null or false: the scenario does not ask for it. */
export function settingsOf(scenario: object, { runs }: TrialKind): unknown {
  if (runs.when === 'in rounds') return null;
  return (scenario as Readonly<Record<string, unknown>>)[runs.field] ?? null;
}

/** @param capacityRatePerS for a kind with `capacityShare` */
export function timelineOf(
  { kind: name, case: id }: { readonly kind: string; readonly case: string | null },
  scenario: TimelineSource,
  capacityRatePerS = 0,
): Timeline {
  const kind = kindByName(name);
  return kind.timeline({ scenario, settings: settingsOf(scenario, kind), case: id, capacityRatePerS });
}
