import type { Envelope } from '../../kernel/envelope.ts';
import type { FillValue } from '../../kernel/text-template.ts';
import type { TargetMethod } from './target-methods.ts';

/** Number of values inspected in a longer message. */
const MOST_VALUES = 500;

type Path = (string | number)[];

interface MessageProblem {
  /** Within the message. */
  readonly path: Path;
  readonly message: string;
}

/**
 * Parts of a message that would not go out as written. The library throws at a value of another kind. It silently
 * drops an unknown field or an unknown name of an enum, and the bytes then lack it.
 */
function messageProblems(method: TargetMethod, message: object): MessageProblem[] {
  const whole = encoded(method, message);
  if (typeof whole === 'string') {
    return [{ path: [], message: `Expected a message that ${method.path} takes, found: ${whole}` }];
  }
  const values = leavesOf(message).slice(0, MOST_VALUES);
  return values.flatMap(({ path, value }) => {
    const rest = encoded(method, without(message, path));
    if (typeof rest === 'string' || !rest.equals(whole)) return [];
    const found = `${path.join('.')}: ${JSON.stringify(value)}`;
    return [
      { path, message: `Expected a field of the .proto, or a value that its enum has, found ${found}` },
    ];
  });
}

/** Values that stand for one from an earlier answer: of a number or an enum, and of a text or bytes. */
const TAKEN = [1, 'MQ=='];

/** The same, of a message with {{holes}}, filled as for one arrival. */
export function sampleProblems(method: TargetMethod, message: FillValue): MessageProblem[] {
  const all = TAKEN.map((value) => {
    const taken = new Proxy({}, { get: () => value });
    return messageProblems(method, message({ ...SAMPLE, taken }) as object);
  });
  return all.find((problems) => problems.length === 0) ?? all[0]!;
}

/** Any arrival. */
const SAMPLE: Envelope = { trial: 0, stage: 'warm-up', sequence: 1, attempt: 1, key: 1, deadlineNs: 0 };

/** The encoded message, or the library's objection. */
function encoded(method: TargetMethod, message: object): Buffer | string {
  try {
    return method.requestSerialize(message);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Leaves of a message: null, an empty list and an empty mapping are none. */
function leavesOf(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [{ path, value }];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, field]) =>
    leavesOf(field, [...path, isList ? Number(key) : key]),
  );
}

function without(message: object, path: Path): object {
  const copy = structuredClone(message);
  const last = path.at(-1)!;
  const owner = path.slice(0, -1).reduce<object>((at, key) => (at as never)[key], copy);
  if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else Reflect.deleteProperty(owner, last);
  return copy;
}
