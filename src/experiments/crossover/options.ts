import { type Command, InvalidArgumentError, Option } from 'commander';
import { MAX_ECHO_BYTES, MIN_ECHO_BYTES } from '../../contracts/echo.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import type { Shown } from '../../commands/terminal/printer.ts';
import { CROSSOVER_FIGURES, type CrossoverFigure, type Question } from '../../record/crossover-record.ts';
import type { Override } from '../../scenario/load/override.ts';
import { parseBytes, parseDurationMs, parseRatePerS } from '../../scenario/schema/units.ts';
import {
  allowRemoteOption,
  brokerOption,
  formatOption,
  fullOption,
  quietOption,
  rateOption,
  seedOption,
  setOption,
} from '../../commands/options/options.ts';

export interface CrossoverArguments extends Shown {
  readonly between: readonly [string, string];
  readonly scenario: string;
  readonly from?: string;
  readonly to?: string;
  readonly within: number;
  /** Ms. */
  readonly budget: number;
  readonly do?: 'kill' | 'freeze';
  readonly figure: CrossoverFigure;
  readonly rate?: { readonly value: number };
  readonly seed?: number;
  readonly set?: readonly Override[];
  readonly out?: string;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly allowRemote?: readonly string[];
}

const DEFAULT_BUDGET = '5m';
const NARROWEST = 1.05;
const WIDEST = 10;

export function addCrossoverOptions(command: Command): Command {
  return command
    .requiredOption('--between <ids>', 'the two rows, e.g. rest,grpc', twoPatterns)
    .option('--scenario <scenario>', 'where the rows stand: a name or a file', 'pattern-comparison')
    .option('--from <value>', 'lower end (default: 100 B, 20/s, 100ms)')
    .option('--to <value>', "upper end (default: 1 MB, the rows' capacity or 5000/s, 10s)")
    .option('--within <factor>', 'the interval of the crossover point is narrow enough then', factor, 1.5)
    .addOption(
      new Option('--budget <time>', 'no pair begins later, from when brokers are up')
        .default(parseDurationMs(DEFAULT_BUDGET), DEFAULT_BUDGET)
        .argParser(duration),
    )
    .addOption(
      new Option('--do <fault>', 'outage: how the service is taken away (default: kill)').choices([
        'kill',
        'freeze',
      ]),
    )
    .addOption(
      new Option('--figure <figure>', 'payload, rate: until the work is done, or until the reply')
        .choices(CROSSOVER_FIGURES)
        .default('completion'),
    )
    .addOption(rateOption())
    .addOption(seedOption())
    .addOption(setOption())
    .option(
      '--out <file>',
      'the file with every pair (default: results/crossover-<question>-<rows>-<time>.json)',
    )
    .addOption(formatOption())
    .addOption(fullOption())
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(allowRemoteOption());
}

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

/** Both ends on the question's axis, where they were given. @throws CommbenchError bad-option */
export function searchRangeOf(
  question: Question,
  { from, to }: CrossoverArguments,
  usual: { readonly from: number; readonly to: number },
) {
  const unit = UNITS[question];
  const read = (option: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = unit.parse(text);
    if (value !== undefined && value >= unit.least && value <= unit.most) return value;
    throw new CommbenchError('bad-option', `${option}: Expected ${unit.expected}, found ${text}`);
  };
  const range = { from: read('--from', from), to: read('--to', to) };
  if ((range.from ?? usual.from) < (range.to ?? usual.to)) return range;
  throw new CommbenchError(
    'bad-option',
    `--from, --to: Expected the lower end first, found ${from ?? usual.from} and ${to ?? usual.to}`,
  );
}

function twoPatterns(text: string): readonly [string, string] {
  const [first, second, ...more] = text.split(',').map((id) => id.trim());
  if (first && second && first !== second && more.length === 0) return [first, second];
  throw new InvalidArgumentError(`Expected two rows, such as rest,grpc, found ${text}`);
}

function factor(text: string): number {
  const n = Number(text);
  if (n >= NARROWEST && n <= WIDEST) return n;
  throw new InvalidArgumentError(`Expected a factor from ${NARROWEST} to ${WIDEST}, found ${text}`);
}

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError(`Expected a time with its unit, such as 90s or 5m, found ${text}`);
}
