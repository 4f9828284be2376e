import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommbenchError } from '../../kernel/errors.ts';
import { MAX_RATE_PER_S } from '../../kernel/load-shape.ts';
import type { Shown } from '../../commands/terminal/printer.ts';
import type { Objective } from '../../record/sweep-record.ts';
import { loadSteps } from './sweep-plan.ts';
import type { Override } from '../../scenario/load/override.ts';
import { parseThreshold } from '../../scenario/schema/threshold.ts';
import { parseRatePerS } from '../../scenario/schema/units.ts';
import {
  allowRemoteOption,
  brokerOption,
  formatOption,
  fullOption,
  generatorsOption,
  patternsOption,
  quietOption,
  seedOption,
  setOption,
  skipBrokersOption,
  targetOption,
} from '../../commands/options/options.ts';

export interface SweepArguments extends Shown {
  readonly rates?: readonly number[];
  readonly from?: number;
  readonly to?: number;
  readonly steps?: number;
  readonly rounds: number;
  readonly percentile: number;
  readonly generators?: number;
  readonly objective?: Objective;
  readonly patterns?: readonly string[];
  readonly target?: Readonly<Record<string, string>>;
  readonly seed?: number;
  readonly set?: readonly Override[];
  readonly out?: string;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly skipBrokers?: true;
  readonly allowRemote?: readonly string[];
}

const USUAL = { from: 100, to: 6400, steps: 10 } as const;
const MOST_STEPS = 30;
const MOST_ROUNDS = 20;

export function addSweepOptions(command: Command): Command {
  return command
    .option('--from <rate>', `lowest rate (default: ${USUAL.from}/s)`, rate)
    .option('--to <rate>', `highest rate (default: ${USUAL.to}/s)`, rate)
    .option(
      '--steps <n>',
      `rates from the one to the other, of one factor (default: ${USUAL.steps})`,
      wholeFrom(2, MOST_STEPS),
    )
    .option('--rates <list>', 'exactly these rates instead, e.g. 100,200,500', rates)
    .option('--rounds <n>', 'how often every point is measured', wholeFrom(1, MOST_ROUNDS), 3)
    .addOption(
      new Option('--percentile <p>', 'which is drawn beside the median, and has the knee')
        .default(0.9, 'p90')
        .argParser(percentile),
    )
    .option(
      '--objective <text>',
      'find the highest rate that meets it, e.g. "response p99 < 50ms"',
      objective,
    )
    .addOption(generatorsOption())
    .addOption(patternsOption())
    .addOption(seedOption())
    .addOption(setOption())
    .option('--out <file>', 'the file with every trial (default: results/sweep-<scenario>-<time>.json)')
    .addOption(formatOption())
    .addOption(fullOption())
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(skipBrokersOption())
    .addOption(targetOption())
    .addOption(allowRemoteOption());
}

/** Ascending. @throws CommbenchError bad-option */
export function ratesOf({ rates: given, from, to, steps }: SweepArguments): readonly number[] {
  const hasRange = from !== undefined || to !== undefined || steps !== undefined;
  if (given && hasRange) {
    throw new CommbenchError(
      'bad-option',
      '--rates: Expected it without --from, --to and --steps, found both',
    );
  }
  if (given) return given;
  const range = { from: from ?? USUAL.from, to: to ?? USUAL.to, steps: steps ?? USUAL.steps };
  if (range.from < range.to) return loadSteps(range);
  throw new CommbenchError(
    'bad-option',
    `--from, --to: Expected the lower rate first, found ${range.from}/s and ${range.to}/s`,
  );
}

function rate(text: string): number {
  const perS = parseRatePerS(text);
  if (perS !== undefined && perS >= 1 && perS <= MAX_RATE_PER_S) return perS;
  return refuse('a rate from 1/s to 50k/s, such as 200/s or 2k/s', text);
}

function rates(text: string): readonly number[] {
  const all = text.split(',').map((one) => rate(one.trim()));
  if (all.length > MOST_STEPS) return refuse(`at most ${MOST_STEPS} rates`, String(all.length));
  return [...new Set(all)].toSorted((a, b) => a - b);
}

function wholeFrom(least: number, most: number) {
  return (text: string): number => {
    const n = Number(text);
    return Number.isInteger(n) && n >= least && n <= most
      ? n
      : refuse(`a whole number from ${least} to ${most}`, text);
  };
}

function percentile(text: string): number {
  const [, digits] = /^p?(\d{1,2}(?:\.\d)?)$/.exec(text) ?? [];
  const quantile = Number((Number(digits) / 100).toPrecision(6));
  return quantile >= 0.5 ? quantile : refuse('a percentile from p50 to p99.9', text);
}

function objective(text: string): Objective {
  const read = parseThreshold(text);
  if ('problem' in read) throw new InvalidArgumentError(read.problem);
  const { figure, quantile, comparator, limit, scope } = read;
  const isLatency = figure === 'response' || figure === 'completion';
  if (!isLatency || quantile === null || !comparator.startsWith('<') || scope.length > 0) {
    return refuse('a limit of response or completion for every row, such as `response p99 < 50ms`', text);
  }
  return { text: read.text, figure, quantile, limitUs: limit * 1000, isInclusive: comparator === '<=' };
}

function refuse(expected: string, found: string): never {
  throw new InvalidArgumentError(`Expected ${expected}, found ${found}`);
}
