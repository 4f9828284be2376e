import type { ReadStream } from 'node:tty';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Desk, Moment } from './desk.ts';
import { parseIntent } from './grammar.ts';

/** Factors of the keys + and −. */
const FACTORS = [0.25, 0.5, 1, 2, 3, 5, 10];

export const KEYS_TEXT =
  'Keys: Tab next part · k kill · f freeze · s slow · e errors · h heal (H all) · p policies into it · + − load · q end';

/** What keys act on, and what they mean. */
export interface KeyBoard {
  /** The part that is chosen. */
  readonly part: string;
  /** The line of a key; undefined: it means nothing, or only changes what is chosen. */
  lineOf(key: string): string | undefined;
}

/** @param now the current moment */
export function createKeyBoard({ plan }: Pick<Desk, 'plan'>, now: () => Moment | undefined): KeyBoard {
  const parts = [...plan.services, ...plan.brokers];
  // The last service is what the others depend on.
  let at = Math.max(0, plan.services.length - 1);
  const load = (step: number) => {
    const factor = now()?.factor ?? 1;
    const place = FACTORS.findIndex((one) => one >= factor) + step;
    return `load ${FACTORS[Math.min(FACTORS.length - 1, Math.max(0, place))]}`;
  };
  const policies = () => {
    const edge = plan.edges.findIndex(({ to }) => plan.services[to] === parts[at]);
    if (edge < 0) return undefined;
    const uses = ['own', 'none', ...plan.stacks];
    const next = uses[(uses.indexOf(now()?.edges[edge]?.use ?? 'own') + 1) % uses.length]!;
    return `policies ${plan.edges[edge]!.id} ${next}`;
  };
  const lines: Readonly<Record<string, () => string | undefined>> = {
    k: () => `kill ${parts[at]}`,
    f: () => `freeze ${parts[at]}`,
    s: () => `slow ${parts[at]}`,
    e: () => `errors ${parts[at]}`,
    h: () => `heal ${parts[at]}`,
    H: () => 'heal',
    p: policies,
    '+': () => load(1),
    '-': () => load(-1),
    q: () => 'end',
    '\u0003': () => 'end',
  };
  return {
    get part() {
      return parts[at]!;
    },
    lineOf(key) {
      if (key === '\t') at = (at + 1) % parts.length;
      return Object.hasOwn(lines, key) ? lines[key]!() : undefined;
    },
  };
}

/** Carries out the keys of a terminal, until it is disposed. A second Ctrl-C interrupts. */
export function readKeys(
  input: ReadStream,
  desk: Desk,
  { board, print }: { readonly board: KeyBoard; readonly print: (text: string) => void },
): Disposable {
  const take = (chunk: string) => {
    // A sequence of a key that means nothing here.
    if (chunk.startsWith('\u001b')) return;
    for (const key of chunk) {
      if (key === '\u0003' && desk.session.over.aborted) process.kill(process.pid, 'SIGINT');
      press(key);
    }
  };
  const press = (key: string) => {
    const line = board.lineOf(key);
    if (line === undefined) return;
    try {
      desk.act(parseIntent(line));
    } catch (error) {
      if (!(error instanceof CommbenchError)) throw error;
      print(error.message);
    }
  };
  input.setRawMode(true);
  input.setEncoding('utf8').on('data', take).resume();
  return {
    [Symbol.dispose]() {
      input.off('data', take).setRawMode(false);
      input.pause();
    },
  };
}
