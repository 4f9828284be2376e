import type { Catalogue } from '../kernel/catalogue.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { hasHole, withEnvironment } from '../kernel/text-template.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import type { TargetCompletion } from '../scenario/schema/targets-schema.ts';

/** Where the work of a target's messages is seen to be done. */
export interface CompletionSource {
  readonly transport: string;
  readonly url: string;
  /** Of the queue or topic. */
  readonly name: string;
  /** The same in words: `queue orders.done`. */
  readonly place: string;
  readonly correlate: TargetCompletion['correlate'];
}

interface OfTarget {
  /** Of the row. */
  readonly id: string;
  /** Of the target itself. */
  readonly transport: string;
  readonly url: string;
  /** What it is sent is made from these. */
  readonly settings: unknown;
}

/** Where a completion may be told to be. */
interface OutletPlaces {
  /** URLs that the user gave, by the broker's name. */
  readonly brokers: Readonly<Record<string, string>>;
  readonly catalogue: Catalogue;
}

/** @throws CommbenchError bad-option: no URL; bad-scenario: one of another kind, or nothing that is sent bears an id */
export function completionSourceOf(
  completion: TargetCompletion,
  { id, transport, url, settings }: OfTarget,
  places: OutletPlaces,
): CompletionSource {
  const kind = completion.queue === undefined ? 'topic' : 'queue';
  const name = (completion.queue ?? completion.topic)!;
  const readers = readersOf(kind, places.catalogue);
  const found = [
    ...(completion.url === undefined ? [] : [completion.url]),
    ...(readers.some((reader) => reader.name === transport) ? [url] : []),
    ...readers.flatMap(({ broker }) => places.brokers[broker?.name ?? ''] ?? []),
  ][0];
  const example = readers.map(({ broker }) => `--broker ${broker?.name}=URL`).join(' or ');
  if (found === undefined) {
    throw new CommbenchError(
      'bad-option',
      `Expected the URL of the broker that has the ${kind} ${name}, found none`,
      { hint: `Give it: targets.${id}.completion.url in the scenario, or ${example}.` },
    );
  }
  const filled = withEnvironment(found, process.env);
  const reader = readers.find(({ target }) => isUrlOf(filled, target!.outlet!.protocols));
  if (!reader) {
    const schemes = readers.map(({ target }) => `${target!.outlet!.protocols[0]}//`).join(' or ');
    throw new CommbenchError(
      'bad-scenario',
      `Expected the URL of the broker that has the ${kind} ${name} to begin with ${schemes}, found another one`,
      { hint: `See targets.${id}.completion.url, or ${example}.` },
    );
  }
  if (!hasHole([settings, url], 'id')) {
    throw new CommbenchError(
      'bad-scenario',
      `Expected {{id}} in what targets.${id} sends, as its completion is known by it, found none`,
      { hint: 'For example `headers: { x-sequence: "{{id}}" }`, which the service then hands on.' },
    );
  }
  const place = { transport: reader.name, url: filled, name, place: `${kind} ${name}` };
  return { ...place, correlate: completion.correlate };
}

/** Transports that can read what comes out of such a place. */
function readersOf(kind: 'queue' | 'topic', { transports }: Catalogue): TransportDefinition[] {
  return [...transports.values()].filter(({ target }) => target?.outlet?.kind === kind);
}

/** @param protocols as `new URL()` gives them: `http:` */
export function isUrlOf(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
