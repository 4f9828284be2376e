import { InvalidArgumentError } from 'commander';
import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import { parseDurationMs, parseRatePerS } from '../../scenario/schema/units.ts';

/** Parsers of option values; each refuses what it cannot read, saying what it expected. */

export function refuse(expected: string, found: string): never {
  throw new InvalidArgumentError(`Expected ${expected}, found ${found}`);
}

export function whole(text: string): number {
  const n = Number(text);
  return /^\d{1,15}$/.test(text) && Number.isSafeInteger(n) ? n : refuse('a whole number', text);
}

export function wholeFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const n = Number(text);
    const isWhole = /^\d{1,15}$/.test(text) && n >= least && n <= most;
    return isWhole ? n : refuse(`a whole number from ${least} to ${most}`, text);
  };
}

/** A time above zero, in ms. */
export function durationMs(text: string): number {
  const ms = parseDurationMs(text);
  return ms !== undefined && ms > 0 ? ms : refuse('a time with its unit, such as 90s or 5m', text);
}

export function ratePerS(text: string): number {
  const perS = parseRatePerS(text);
  const isRate = perS !== undefined && perS >= 1 && perS <= MAX_RATE_PER_S;
  return isRate ? perS : refuse('a rate from 1/s to 50k/s, such as 200/s or 2k/s', text);
}

/** @param what e.g. `a factor` */
export function numberFrom(least: number, most: number, what = 'a number'): (text: string) => number {
  return (text) => {
    const n = text.trim() === '' ? Number.NaN : Number(text);
    return n >= least && n <= most ? n : refuse(`${what} from ${least} to ${most}`, text);
  };
}

/** Ids with commas between them. */
export function idsIn(text: string): string[] {
  return text.split(',').map((id) => id.trim());
}

/** The parser of an option that may be given several times: all its values, in their order. */
export function repeated<T>(parse: (text: string) => T) {
  return (text: string, earlier: readonly T[] | undefined): readonly T[] => [...(earlier ?? []), parse(text)];
}

/** As it is written. */
export function asGiven(text: string): string {
  return text;
}
