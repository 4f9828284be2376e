import path from 'node:path';
import type { Interaction } from '../kernel/interaction.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import { definitionsIn } from '../platform/definitions.ts';

/** Every file of the folder, by name. */
export const INTERACTIONS: readonly Interaction[] = await definitionsIn<Interaction>(
  path.join(import.meta.dirname, 'interactions'),
);

export const INTERACTION_NAMES: readonly string[] = INTERACTIONS.map(({ name }) => name);

/** @throws RangeError for an unknown name: names were validated with the scenario */
export function interactionByName(name: string): Interaction {
  const found = INTERACTIONS.find((interaction) => interaction.name === name);
  if (!found) throw new RangeError(`Expected an interaction, found ${name}`);
  return found;
}

/** Its caller waits for the reply; over the others, for the broker's confirm. */
export function isAnswered(name: string): boolean {
  return interactionByName(name).isAnswered;
}

export function isStream(name: string): boolean {
  return interactionByName(name).isStream;
}

/** One answer of one service, and no series of items. */
export function isOneAnswer(name: string): boolean {
  const { isAnswered: isAwaited, isStream: isSeries } = interactionByName(name);
  return isAwaited && !isSeries;
}

export function hasSubscribers(name: string): boolean {
  return interactionByName(name).hasSubscribers;
}

/** A broker stores messages until the service takes them: none is refused for lack of room in the service. */
export function isQueued(
  { broker, traits }: Pick<TransportDefinition, 'broker' | 'traits'>,
  name: string,
): boolean {
  return broker !== undefined && !(isAnswered(name) && traits?.keepsNoRequests === true);
}
