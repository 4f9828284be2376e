import { CommbenchError } from '../../kernel/errors.ts';
import { didYouMean } from '../../kernel/nearest.ts';

/** One operation of a description, ready to be written as a pattern and its target. */
export interface FoundCall {
  /** As the description names it, for messages: `POST /orders`, `shop.Orders/Place`. */
  readonly name: string;
  /** Other names by which --operation may ask for it. */
  readonly aliases: readonly string[];
  readonly title: string;
  readonly transport: 'rest' | 'grpc';
  readonly url: string;
  /** Settings of the target, beside its URL. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Comments on what the description leaves open, by the field that each is to stand before; `url`: before the URL. */
  readonly notes: Readonly<Record<string, string>>;
  /** Why it can't be driven; absent: it can. */
  readonly unsuitable?: string;
}

/**
 * The operations asked for, else the first one that can be driven.
 * @throws CommbenchError bad-option where there is no such operation, or it can't be driven
 */
export function chooseCalls(
  calls: readonly FoundCall[],
  names: readonly string[],
  file: string,
): FoundCall[] {
  const first = calls.find(({ unsuitable }) => unsuitable === undefined);
  if (names.length === 0) {
    if (first) return [first];
    const why = calls.map(({ name, unsuitable }) => `${name}: ${unsuitable}`).join('; ');
    throw bad(`No operation of ${file} can be driven: ${why || 'it describes none'}`);
  }
  return [...new Set(names.map((name) => chosen(calls, name)))];
}

function chosen(calls: readonly FoundCall[], name: string): FoundCall {
  const is = (known: string) => known.toLowerCase() === name.trim().toLowerCase();
  const found = calls.find((call) => [call.name, ...call.aliases].some(is));
  if (!found) {
    const known = calls.flatMap((call) => [call.name, ...call.aliases]);
    throw bad(`--operation ${name}: the file describes no such operation`, didYouMean(name, known));
  }
  if (found.unsuitable === undefined) return found;
  throw bad(`--operation ${found.name} cannot be driven: ${found.unsuitable}`);
}

function bad(message: string, hint?: string): CommbenchError {
  return new CommbenchError('bad-option', message, hint === undefined ? {} : { hint });
}
