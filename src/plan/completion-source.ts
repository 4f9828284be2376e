import type { Catalogue } from '../kernel/catalogue.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { hasHole, withEnvironment } from '../kernel/text-template.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import type { TargetCompletion } from '../scenario/schema/targets-schema.ts';

/** The queue or topic that reports completed messages of a target. */
export interface CompletionSource {
  readonly transport: string;
  readonly url: string;
  /** Name of the queue or topic. */
  readonly name: string;
  /** The same in words: `queue orders.done`. */
  readonly place: string;
  readonly correlate: TargetCompletion['correlate'];
}

interface OfTarget {
  /** Id of the pattern. */
  readonly id: string;
  /** Transport of the target itself. */
  readonly transport: string;
  readonly url: string;
  /** Settings from which its requests are made. */
  readonly settings: unknown;
}

/** Sources of a completion's address. */
interface OutletPlaces {
  /** URLs of the user's brokers, by name. */
  readonly brokers: Readonly<Record<string, string>>;
  readonly catalogue: Catalogue;
}

/** @throws CommbenchError bad-option: no URL; bad-scenario: a URL of another kind, or no id in the requests */
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
    throw new CommbenchError('bad-option', `The broker of the ${kind} ${name} has no URL`, {
      hint: `Give it: targets.${id}.completion.url in the scenario, or ${example}.`,
    });
  }
  const filled = withEnvironment(found, process.env);
  const reader = readers.find(({ target }) => isUrlOf(filled, target!.outlet!.protocols));
  if (!reader) {
    const schemes = readers.map(({ target }) => `${target!.outlet!.protocols[0]}//`).join(' or ');
    throw new CommbenchError(
      'bad-scenario',
      `The URL of the broker of the ${kind} ${name} must begin with ${schemes}`,
      { hint: `See targets.${id}.completion.url, or ${example}.` },
    );
  }
  if (!hasHole([settings, url], 'id')) {
    throw new CommbenchError('bad-scenario', `Completion of targets.${id} needs {{id}} in its messages`, {
      hint: 'For example, send `headers: { x-sequence: "{{id}}" }`, and have the service pass it on.',
    });
  }
  const place = { transport: reader.name, url: filled, name, place: `${kind} ${name}` };
  return { ...place, correlate: completion.correlate };
}

/** Transports that can read from a queue or a topic. */
function readersOf(kind: 'queue' | 'topic', { transports }: Catalogue): TransportDefinition[] {
  return [...transports.values()].filter(({ target }) => target?.outlet?.kind === kind);
}

/** @param protocols as `new URL()` gives them: `http:` */
export function isUrlOf(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
