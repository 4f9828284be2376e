import type { Catalogue } from '../kernel/catalogue.ts';
import { CommbenchError } from '../kernel/errors.ts';
import { hasHole, withEnvironment } from '../kernel/text-template.ts';
import type { SaslSettings, Security, TlsSettings } from '../kernel/target-outlet.ts';
import type { TransportDefinition } from '../kernel/transport.ts';
import type { TargetCompletion } from '../scenario/schema/targets-schema.ts';
import { hasCredentials, tlsOf, unusedCredentials, urlFromEnvironment } from './target-security.ts';

/** The queue or topic that reports completed messages of a target. */
export interface CompletionSource extends Security {
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
  /** Settings from which its requests are made, by their operations. */
  readonly requests: Readonly<Record<string, { readonly settings: unknown }>>;
  readonly tls?: TlsSettings | undefined;
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
  owner: OfTarget,
  places: OutletPlaces,
): CompletionSource {
  const { id, transport, url, requests } = owner;
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
  const filled = urlFromEnvironment(found);
  const reader = readers.find(({ target }) => isUrlOf(filled, target!.outlet!.protocols));
  if (!reader) {
    const schemes = readers.map(({ target }) => `${target!.outlet!.protocols[0]}//`).join(' or ');
    throw new CommbenchError(
      'bad-scenario',
      `The URL of the broker of the ${kind} ${name} must begin with ${schemes}`,
      { hint: `See targets.${id}.completion.url, or ${example}.` },
    );
  }
  const isKnown = Object.values(requests).every(({ settings }) => hasHole([settings, url], 'id'));
  if (!isKnown) {
    throw new CommbenchError('bad-scenario', `Completion of targets.${id} needs {{id}} in its messages`, {
      hint: 'For example, send `headers: { x-sequence: "{{id}}" }`, and have the service pass it on.',
    });
  }
  const login = reader.target?.credentials;
  if (login !== undefined && hasCredentials(filled)) throw unusedCredentials(`${id}.completion.url`, login);
  const place = { transport: reader.name, url: filled, name, place: `${kind} ${name}` };
  return { ...place, ...securityOf(completion, owner, filled, reader), correlate: completion.correlate };
}

/** Its own, or that of the target, where both have one broker. */
function securityOf(
  { tls, sasl }: TargetCompletion,
  owner: OfTarget,
  url: string,
  { wire }: TransportDefinition,
): Security {
  const isSame = url === owner.url;
  // All requests share one connection.
  const [request] = Object.values(owner.requests);
  const { sasl: theirs } = (request?.settings ?? {}) as { readonly sasl?: SaslSettings };
  const used = {
    tls: tlsOf(`${owner.id}.completion.tls`, tls ?? (isSame ? owner.tls : undefined), url, wire),
    sasl: withEnvironment(sasl ?? (isSame ? theirs : undefined), process.env),
  };
  return Object.fromEntries(Object.entries(used).filter(([, value]) => value !== undefined));
}

/** Transports that can read from a queue or a topic. */
function readersOf(kind: 'queue' | 'topic', { transports }: Catalogue): TransportDefinition[] {
  return [...transports.values()].filter(({ target }) => target?.outlet?.kind === kind);
}

/** @param protocols as `new URL()` gives them: `http:` */
export function isUrlOf(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
