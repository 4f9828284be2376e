import { CommbenchError } from '../kernel/errors.ts';
import { hasHole, withEnvironment } from '../kernel/text-template.ts';
import type { TargetCompletion } from '../scenario/schema/targets-schema.ts';

/** Whose transport reads what a completion names. */
const TRANSPORT_OF = { queue: 'rabbitmq', topic: 'kafka' } as const;
const PROTOCOLS = { queue: ['amqp:', 'amqps:'], topic: ['kafka:'] } as const;

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

/**
 * @param brokers URLs that the user gave, by the broker's name
 * @throws CommbenchError bad-option: no URL; bad-scenario: one of another kind, or nothing that is sent bears an id
 */
export function completionSourceOf(
  completion: TargetCompletion,
  { id, transport, url, settings }: OfTarget,
  brokers: Readonly<Record<string, string>>,
): CompletionSource {
  const kind = completion.queue === undefined ? 'topic' : 'queue';
  const name = (completion.queue ?? completion.topic)!;
  const own = TRANSPORT_OF[kind];
  const given = completion.url ?? (own === transport ? url : brokers[own]);
  if (given === undefined) {
    throw new CommbenchError(
      'bad-option',
      `Expected the URL of the broker that has the ${kind} ${name}, found none`,
      { hint: `Give it: targets.${id}.completion.url in the scenario, or --broker ${own}=URL.` },
    );
  }
  const filled = withEnvironment(given, process.env);
  if (!isUrlOf(filled, PROTOCOLS[kind])) {
    throw new CommbenchError(
      'bad-scenario',
      `Expected the URL of the broker that has the ${kind} ${name} to begin with ${PROTOCOLS[kind][0]}//, found another one`,
      { hint: `See targets.${id}.completion.url, or --broker ${own}=URL.` },
    );
  }
  if (!hasHole([settings, url], 'id')) {
    throw new CommbenchError(
      'bad-scenario',
      `Expected {{id}} in what targets.${id} sends, as its completion is known by it, found none`,
      { hint: 'For example `headers: { x-sequence: "{{id}}" }`, which the service then hands on.' },
    );
  }
  const place = { transport: own, url: filled, name, place: `${kind} ${name}` };
  return { ...place, correlate: completion.correlate };
}

/** @param protocols as `new URL()` gives them: `http:` */
export function isUrlOf(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
