import { FAULTS } from '../../faults/faults.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { didYouMean } from '../../kernel/nearest.ts';
import { parseSetting } from '../../scenario/load/override.ts';
import { parseDurationMs } from '../../scenario/schema/units.ts';

/** One line of a session: from a key, the page, a script. */
export type Intent =
  | { readonly kind: 'fault'; readonly do: string; readonly on: string | undefined; readonly options: object }
  | { readonly kind: 'heal'; readonly on: string | undefined }
  | { readonly kind: 'policies'; readonly edge: string; readonly use: 'own' | readonly string[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'until'; readonly edge: string; readonly state: string }
  | { readonly kind: 'end' };

/** Short words for faults with options of a demonstration. */
const SHORT: Readonly<Record<string, { readonly do: string; readonly options: object }>> = {
  slow: { do: 'latency', options: { ms: 500 } },
  errors: { do: 'error', options: {} },
};

const STATES = ['opened', 'half-open', 'closed'];
const LONGEST = 500;

/**
 * Reads a line: `kill payments`, `latency payments ms=200ms share=0.5`, `load 3`, `policies pay breaker`, `heal`,
 * `wait 2s`, `until pay opened`, `end`.
 * @throws CommbenchError bad-option: what was expected, in one sentence
 */
export function parseIntent(line: string): Intent {
  const [verb = '', ...words] = line.trim().slice(0, LONGEST).split(/\s+/);
  switch (verb) {
    case 'end':
      return { kind: 'end' };
    case 'heal':
      return { kind: 'heal', on: words[0] === 'all' ? undefined : words[0] };
    case 'wait':
      return { kind: 'wait', ms: timeIn(words[0]) };
    case 'until':
      return untilOf(words);
    case 'load':
      return {
        kind: 'fault',
        do: 'load',
        on: undefined,
        options: { factor: Number(words[0]?.replace(/^[×x]/, '')) },
      };
    case 'policies':
      return policiesOf(words);
    default:
      return faultOf(verb, words);
  }
}

function faultOf(verb: string, words: readonly string[]): Intent {
  const short = SHORT[verb] ?? { do: verb, options: {} };
  const names = FAULTS.map(({ name }) => name);
  if (!names.includes(short.do)) {
    const known = [...Object.keys(SHORT), ...names, 'heal', 'load', 'policies', 'wait', 'until', 'end'];
    throw wrong(`There is no action ${shown(verb)}. ${didYouMean(verb, known)}`);
  }
  const settings = words.filter((word) => word.includes('='));
  const given = settings.map((word) => parseSetting(word) ?? wrongSetting(word));
  const options = { ...short.options, ...Object.fromEntries(given.map(({ path, value }) => [path, value])) };
  return { kind: 'fault', do: short.do, on: words.find((word) => !word.includes('=')), options };
}

function policiesOf([edge, ...use]: readonly string[]): Intent {
  if (edge === undefined || use.length === 0)
    throw wrong('Expected policies EDGE STACK, with the name of a stack, `own` or `none`');
  if (use.length === 1 && use[0] === 'own') return { kind: 'policies', edge, use: 'own' };
  return { kind: 'policies', edge, use: use.filter((name) => name !== 'none') };
}

function untilOf([edge, state]: readonly string[]): Intent {
  if (edge === undefined || state === undefined || !STATES.includes(state))
    throw wrong(`Expected until EDGE STATE, with a state of ${STATES.join(', ')}`);
  return { kind: 'until', edge, state };
}

function timeIn(text: string | undefined): number {
  const ms = text === undefined ? undefined : parseDurationMs(text);
  return ms ?? wrongTime(text);
}

function wrongTime(text: string | undefined): never {
  throw wrong(`Expected wait TIME, such as wait 2s, found ${shown(text ?? 'nothing')}`);
}

function wrongSetting(word: string): never {
  throw wrong(`Expected option=value, found ${shown(word)}`);
}

function shown(word: string): string {
  return word.slice(0, 40);
}

function wrong(message: string): CommbenchError {
  return new CommbenchError('bad-option', message);
}
