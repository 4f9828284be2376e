import { type Command, Option } from 'commander';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import { addOptions, budgetOption, outOption } from '../../commands/options/options.ts';
import { idsIn, numberFrom, refuse } from '../../commands/options/parsers.ts';
import { MAX_ECHO_BYTES, MIN_ECHO_BYTES } from '../../contracts/echo.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_BUSY_PER_S, MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
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
  const figure = new Option('--figure <figure>', 'payload, rate: compare completion times or response times');
  return addOptions(
    command,
    between.makeOptionMandatory(),
    'scenario',
    new Option('--from <value>', 'lower end of the range (default: 100 B, 20/s, 100ms)'),
    new Option(
      '--to <value>',
      "upper end of the range (default: 1 MB, the patterns' closed loops or 5000/s, 10s)",
    ),
    new Option(
      '--within <factor>',
      `stop when the ends of the interval are within this factor (${NARROWEST}–${WIDEST})`,
    )
      .argParser(numberFrom(NARROWEST, WIDEST, 'a factor'))
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
    outOption('crossover-<question>-<patterns>', 'the file with every pair'),
    'format',
    'report',
    'full',
    'quiet',
    'waitQuiet',
    'broker',
    'storeValues',
    'allowRemote',
  );
}

/** A rate that two cores sustain at a payload of 1 MB. */
export const PAYLOAD_PER_S = 30;

/** An axis in bytes, calls per second, or ms. */
interface Axis {
  /** The usual range. */
  readonly from: number;
  readonly to: number;
  /** Bounds of any range. */
  readonly least: number;
  readonly most: number;
  parse(text: string): number | undefined;
  readonly expected: string;
}

const AXES: Readonly<Record<Question, Axis>> = {
  payload: {
    from: 100,
    to: 1_000_000,
    parse: parseBytes,
    least: MIN_ECHO_BYTES,
    most: MAX_ECHO_BYTES,
    expected: `a size from ${MIN_ECHO_BYTES}B to 1MiB, such as 100B, 18kB or 1MB`,
  },
  rate: {
    from: 20,
    to: MAX_BUSY_PER_S,
    parse: parseRatePerS,
    least: 1,
    most: MAX_RATE_PER_S,
    expected: 'a rate from 1/s to 50k/s, such as 20/s or 2k/s',
  },
  outage: {
    from: 100,
    to: 10_000,
    parse: parseDurationMs,
    least: 50,
    most: 120_000,
    expected: 'a time from 50ms to 2m, such as 100ms or 10s',
  },
};

/** Both ends on the question's axis. @throws CommbenchError bad-option */
export function searchRangeOf(question: Question, { from, to }: Pick<CrossoverArguments, 'from' | 'to'>) {
  const axis = AXES[question];
  const read = (option: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = axis.parse(text);
    if (value !== undefined && value >= axis.least && value <= axis.most) return value;
    throw new CommbenchError('bad-option', `${option}: Expected ${axis.expected}, found ${text}`);
  };
  const range = { from: read('--from', from) ?? axis.from, to: read('--to', to) ?? axis.to };
  if (range.from < range.to) return range;
  throw new CommbenchError(
    'bad-option',
    `--from must be below --to, found ${from ?? axis.from} and ${to ?? axis.to}`,
  );
}

function twoPatterns(text: string): readonly [string, string] {
  const [first, second, ...more] = idsIn(text);
  if (first && second && first !== second && more.length === 0) return [first, second];
  return refuse('two patterns, such as rest,grpc', text);
}
