import type { Contract, Operation } from '../kernel/contract.ts';
import { draw } from '../kernel/random.ts';

export const DEFAULT_ECHO_BYTES = 256;
export const MIN_ECHO_BYTES = 16;
export const MAX_ECHO_BYTES = 1024 * 1024;

interface EchoBody {
  readonly payload: string;
}

const INDEX_DIGITS = 10;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-';

/** Returns the request: a payload of `bytes` ASCII characters that begins with the arrival's index. */
export function echoOf(bytes: number): Contract {
  const fillerOf = rememberLast((seed: number) => filler(seed, bytes - INDEX_DIGITS));
  const echo: Operation = {
    effect: 'read',
    request: (seed, index): EchoBody => ({
      payload: index.toString().padStart(INDEX_DIGITS, '0') + fillerOf(seed),
    }),
    check(request, reply) {
      const { payload } = request as EchoBody;
      const found = (reply as Partial<EchoBody> | null)?.payload;
      if (found === payload) return undefined;
      return `Expected the payload back (${payload.length} bytes), found ${typeof found === 'string' ? `${found.length} others` : 'none'}`;
    },
  };
  return { name: `echo-${bytes}`, operations: { echo }, implement: () => answer };
}

const answer: ReturnType<Contract['implement']> = (operation, body) =>
  operation === 'echo' && typeof (body as Partial<EchoBody> | null)?.payload === 'string'
    ? { kind: 'done', body }
    : { kind: 'failed', status: 'bad-request', noEffect: true, detail: 'Expected echo with a payload' };

/** Letters per draw: 6 of its 32 bits each. A payload of 1 MiB must not hold up the load. */
const LETTERS_PER_DRAW = 5;

/** Text that compresses as badly as 64 letters allow. */
function filler(seed: number, length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++) {
    let rest = draw(seed, 'echo', i);
    for (let n = 0; n < LETTERS_PER_DRAW; n++) {
      rest *= LETTERS.length;
      text += LETTERS[Math.floor(rest)];
      rest %= 1;
    }
  }
  return text.slice(0, length);
}

/** Memoizes the last seed: a generator uses one seed for a whole trial. */
function rememberLast(make: (seed: number) => string): (seed: number) => string {
  let lastSeed: number | undefined;
  let last = '';
  return (seed) => {
    if (seed !== lastSeed) last = make((lastSeed = seed));
    return last;
  };
}
