import { type Command, Option } from 'commander';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import { addOptions, budgetOption, outOption } from '../../commands/options/options.ts';
import { factorFrom, idsIn, refuse } from '../../commands/options/parsers.ts';
import { MAX_ECHO_BYTES, MIN_ECHO_BYTES } from '../../contracts/echo.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import { MAX_BUSY_PER_S } from '../../kernel/load-shape.ts';
import { parseBytes, parseDurationMs, parseRatePerS } from '../../scenario/schema/units.ts';
import { FIGURES, type Figure, type Question } from './record.ts';
import type { MeasuringOptions } from '../loop/conduct-design.ts';

export interface CrossoverArguments extends MeasuringOptions, Pick<ScenarioOptions, 'set'> {
  readonly between: readonly [string, string];
  readonly scenario: string;
  readonly from?: string;
  readonly to?: string;
  readonly within: number;
  /** Ms. */
  readonly budget: number;
  readonly do?: 'kill' | 'freeze';
  readonly figure: Figure;
  readonly rate?: { readonly value: number };
}

const NARROWEST = 1.05;
const WIDEST = 10;

export function addCrossoverOptions(command: Command): Command {
  const between = new Option('--between <ids>', 'the two patterns, e.g. rest,grpc').argParser(twoPatterns);
  const figure = new Option('--figure <figure>', 'payload, rate: until the work is done, or until the reply');
  return addOptions(
    command,
    between.makeOptionMandatory(),
    'scenario',
    new Option('--from <value>', 'lower end (default: 100 B, 20/s, 100ms)'),
    new Option('--to <value>', "upper end (default: 1 MB, the patterns' capacity or 5000/s, 10s)"),
    new Option('--within <factor>', 'the interval of the crossover point is narrow enough then')
      .argParser(factorFrom(NARROWEST, WIDEST))
      .default(1.5),
    budgetOption('5m'),
    new Option('--do <fault>', 'outage: how the service is made unavailable (default: kill)').choices([
      'kill',
      'freeze',
    ]),
    figure.choices(FIGURES).default('completion'),
    'rate',
    'seed',
    'set',
    outOption('crossover-<question>-<rows>', 'the file with every pair'),
    'format',
    'full',
    'quiet',
    'broker',
    'allowRemote',
  );
}

/** Bytes, calls per second, ms. */
const RANGES: Readonly<Record<Question, { readonly from: number; readonly to: number }>> = {
  payload: { from: 100, to: 1_000_000 },
  rate: { from: 20, to: MAX_BUSY_PER_S },
  outage: { from: 100, to: 10_000 },
};
/** What two cores keep up with at a payload of 1 MB. */
export const PAYLOAD_PER_S = 30;

interface AxisUnit {
  parse(text: string): number | undefined;
  readonly least: number;
  readonly most: number;
  readonly expected: string;
}

const UNITS: Readonly<Record<Question, AxisUnit>> = {
  payload: {
    parse: parseBytes,
    least: MIN_ECHO_BYTES,
    most: MAX_ECHO_BYTES,
    expected: `a size from ${MIN_ECHO_BYTES}B to 1MiB, such as 100B, 18kB or 1MB`,
  },
  rate: {
    parse: parseRatePerS,
    least: 1,
    most: MAX_RATE_PER_S,
    expected: 'a rate from 1/s to 50k/s, such as 20/s or 2k/s',
  },
  outage: {
    parse: parseDurationMs,
    least: 50,
    most: 120_000,
    expected: 'a time from 50ms to 2m, such as 100ms or 10s',
  },
};

/** Both ends on the question's axis. @throws CommbenchError bad-option */
export function searchRangeOf(question: Question, { from, to }: Pick<CrossoverArguments, 'from' | 'to'>) {
  const [unit, usual] = [UNITS[question], RANGES[question]];
  const read = (option: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = unit.parse(text);
    if (value !== undefined && value >= unit.least && value <= unit.most) return value;
    throw new CommbenchError('bad-option', `${option}: Expected ${unit.expected}, found ${text}`);
  };
  const range = { from: read('--from', from) ?? usual.from, to: read('--to', to) ?? usual.to };
  if (range.from < range.to) return range;
  throw new CommbenchError(
    'bad-option',
    `--from, --to: Expected the lower end first, found ${from ?? usual.from} and ${to ?? usual.to}`,
  );
}

function twoPatterns(text: string): readonly [string, string] {
  const [first, second, ...more] = idsIn(text);
  if (first && second && first !== second && more.length === 0) return [first, second];
  return refuse('two patterns, such as rest,grpc', text);
}
