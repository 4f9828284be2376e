import { CommbenchError } from '../../kernel/errors.ts';
import { didYouMean } from '../../kernel/nearest.ts';

/** One operation of a description. It is read only where it is wanted: a description may have thousands. */
export interface FoundOperation {
  /** As the description names it, for messages: `POST /orders`, `shop.Orders/Place`. */
  readonly name: string;
  /** Other names by which --operation may ask for it. */
  readonly aliases: readonly string[];
  /** The call, or why it can't be driven. */
  read(): FoundCall | Unsuited;
}
export interface Unsuited {
  readonly unsuitable: string;
}

/** What is written as a pattern and its target. */
export interface FoundCall {
  readonly title: string;
  readonly transport: 'rest' | 'grpc';
  readonly interaction: 'request-reply' | 'server-stream';
  readonly url: string;
  /** Settings of the target, beside its URL. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Comments on what the description leaves open, by the field that each is to stand before; `url`: before the URL. */
  readonly notes: Readonly<Record<string, string>>;
  /** What does not fit its schema, as nothing that does was found. */
  readonly misfits: readonly string[];
}

/** An operation that is written. */
export interface ChosenCall extends FoundCall {
  readonly name: string;
  readonly aliases: readonly string[];
}

/** Comment before a URL that nobody gave. */
export const REPLACE_ADDRESS =
  'Replace with the address of your service; other machines need --allow-remote HOST.';

/** How much of a stream is read: no description says how long one is. */
export const ONE_ITEM = {
  settings: { stream: { items: 1 } },
  notes: {
    stream:
      'Items after which a stream is complete, and left. With `ends: true` it must end there; `everyMs` gives jitter.',
  },
};

/** Operations whose reasons are listed where none can be driven. */
const MOST_REASONS = 10;

/**
 * The operations asked for, else the first one that can be driven.
 * @throws CommbenchError bad-option where there is no such operation, or it can't be driven
 */
export function chooseCalls(
  operations: readonly FoundOperation[],
  names: readonly string[],
  file: string,
): ChosenCall[] {
  if (names.length === 0) return [firstOf(operations, file)];
  return [...new Set(names.map((name) => named(operations, name)))].map((operation) => {
    const call = operation.read();
    if (!('unsuitable' in call)) return { ...call, name: operation.name, aliases: operation.aliases };
    throw bad(`--operation ${operation.name} cannot be driven: ${call.unsuitable}`);
  });
}

function firstOf(operations: readonly FoundOperation[], file: string): ChosenCall {
  const reasons: string[] = [];
  for (const { name, aliases, ...operation } of operations) {
    const call = operation.read();
    if (!('unsuitable' in call)) return { ...call, name, aliases };
    reasons.push(`${name}: ${call.unsuitable}`);
  }
  const more = reasons.length > MOST_REASONS ? [`and ${reasons.length - MOST_REASONS} more`] : [];
  const why = [...reasons.slice(0, MOST_REASONS), ...more].join('; ');
  throw bad(`No operation of ${file} can be driven: ${why || 'it describes none'}`);
}

function named(operations: readonly FoundOperation[], name: string): FoundOperation {
  const is = (known: string) => known.toLowerCase() === name.trim().toLowerCase();
  const found = operations.find((one) => [one.name, ...one.aliases].some(is));
  if (found) return found;
  const known = operations.flatMap((one) => [one.name, ...one.aliases]);
  throw bad(`--operation ${name}: the file describes no such operation`, didYouMean(name, known));
}

function bad(message: string, hint?: string): CommbenchError {
  return new CommbenchError('bad-option', message, hint === undefined ? {} : { hint });
}
