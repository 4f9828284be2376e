import { CommbenchError } from '../../kernel/errors.ts';
import { evenSteps } from '../search/even-steps.ts';

/** A setting of the scenario, and the values that it takes. */
export interface Varied {
  readonly path: string;
  /** Ascending, at least two. */
  readonly values: readonly number[];
}

const USUAL_STEPS = 6;
const MOST_VALUES = 20;

/**
 * Reads `path=100..5000`, evenly spaced on a logarithmic scale, or `path=100,500,2000`.
 * @param count number of values of a range
 * @throws CommbenchError bad-option
 */
export function variedOf(text: string, count = USUAL_STEPS): Varied {
  const [, path, list] = /^([A-Za-z][A-Za-z0-9_.-]*)=(.+)$/s.exec(text) ?? [];
  const [, from, to] = /^\s*(\S+?)\s*\.\.\s*(\S+)\s*$/.exec(list ?? '') ?? [];
  const numbers = (from === undefined ? (list ?? '').split(',') : [from, to!]).map(numberOf);
  const isRange = from !== undefined;
  const [low = Number.NaN, high = Number.NaN] = numbers;
  if (path === undefined || numbers.some(Number.isNaN) || (isRange && !(low > 0 && low < high))) {
    throw new CommbenchError(
      'bad-option',
      `--vary: Expected PATH=FROM..TO from above 0 upwards, or PATH=A,B,C, found ${text}`,
      { hint: 'For example policies.breaker.0.openMs=100..5000, or service.concurrency=5,10,20.' },
    );
  }
  const all = isRange ? ranged(low, high, count) : numbers;
  const values = [...new Set(all)].toSorted((a, b) => a - b);
  if (values.length >= 2 && values.length <= MOST_VALUES) return { path, values };
  throw new CommbenchError(
    'bad-option',
    `--vary: Expected 2 to ${MOST_VALUES} different values, found ${values.length}`,
  );
}

/** Whole numbers between whole ends: most settings take no others. */
function ranged(from: number, to: number, count: number): number[] {
  const isWhole = Number.isInteger(from) && Number.isInteger(to);
  return evenSteps({ from, to, steps: count }).map((value) => (isWhole ? Math.round(value) : value));
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
