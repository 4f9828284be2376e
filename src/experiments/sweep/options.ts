import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import { addOptions, outOption } from '../../commands/options/options.ts';
import { ratePerS, refuse, wholeFrom } from '../../commands/options/parsers.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { parseThreshold } from '../../scenario/schema/threshold.ts';
import { evenSteps } from '../search/even-steps.ts';
import type { Objective } from './record.ts';
import type { MeasuringOptions } from '../loop/conduct-design.ts';

export interface SweepArguments extends MeasuringOptions, Pick<ScenarioOptions, 'set'> {
  readonly rates?: readonly number[];
  readonly from?: number;
  readonly to?: number;
  readonly steps?: number;
  readonly rounds: number;
  readonly percentile: number;
  readonly objective?: Objective;
  /** `path=100..5000`: another setting than the rate is swept. */
  readonly vary?: string;
  readonly variant?: string;
  readonly case?: string;
  /** False: `--no-faults`. */
  readonly faults: boolean;
}

const USUAL = { from: 100, to: 6400, steps: 10 } as const;
export const USUAL_PERCENTILE = 0.9;
const MOST_STEPS = 30;
const MOST_ROUNDS = 20;

export function addSweepOptions(command: Command): Command {
  command
    .option('--from <rate>', `lowest rate (default: ${USUAL.from}/s)`, ratePerS)
    .option('--to <rate>', `highest rate (default: ${USUAL.to}/s)`, ratePerS)
    .option(
      '--steps <n>',
      `number of rates, or values with --vary, evenly spaced on a logarithmic scale (2–${MOST_STEPS}; default: ${USUAL.steps} rates, 6 values)`,
      wholeFrom(2, MOST_STEPS),
    )
    .option(
      '--rates <list>',
      `measure exactly these rates instead, e.g. 100,200,500 (at most ${MOST_STEPS})`,
      rates,
    )
    .option(
      '--rounds <n>',
      `number of rounds (1–${MOST_ROUNDS}): every rate is measured once per round`,
      wholeFrom(1, MOST_ROUNDS),
      3,
    )
    .addOption(
      new Option('--percentile <p>', 'percentile shown beside the median and used for the knee (p50–p99.9)')
        .default(USUAL_PERCENTILE, 'p90')
        .argParser(percentile),
    )
    .option(
      '--objective <text>',
      'find the highest rate that meets this, e.g. "response p99 < 50ms"',
      objective,
    )
    .option(
      '--vary <path=values>',
      'sweep another setting than the rate, e.g. policies.breaker.0.openMs=100..5000 or service.concurrency=5,10,20',
    )
    .option('--variant <id>', 'with --vary: the variant of the scenario to measure')
    .option('--case <id>', 'with --vary: under the faults of this case of the scenario')
    .option('--no-faults', 'with --vary: without the faults of the scenario');
  const shared = [
    'patterns',
    'seed',
    'set',
    outOption('sweep-<scenario>', 'the file with every trial'),
  ] as const;
  const conditions = [
    'waitQuiet',
    'maxTime',
    'broker',
    'skipBrokers',
    'target',
    'storeValues',
    'allowRemote',
  ] as const;
  return addOptions(command, 'generators', ...shared, 'format', 'report', 'full', 'quiet', ...conditions);
}

/** Ascending. @throws CommbenchError bad-option */
export function ratesOf({ rates: given, from, to, steps }: SweepArguments): readonly number[] {
  const hasRange = from !== undefined || to !== undefined || steps !== undefined;
  if (given && hasRange) {
    throw new CommbenchError('bad-option', '--rates cannot be combined with --from, --to or --steps');
  }
  if (given) return given;
  const range = { from: from ?? USUAL.from, to: to ?? USUAL.to, steps: steps ?? USUAL.steps };
  if (range.from < range.to) return evenSteps(range);
  throw new CommbenchError(
    'bad-option',
    `--from must be below --to, found ${range.from}/s and ${range.to}/s`,
  );
}

function rates(text: string): readonly number[] {
  const all = text.split(',').map((one) => ratePerS(one.trim()));
  if (all.length > MOST_STEPS) return refuse(`at most ${MOST_STEPS} rates`, String(all.length));
  return [...new Set(all)].toSorted((a, b) => a - b);
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
    return refuse('a limit of response or completion for every pattern, such as `response p99 < 50ms`', text);
  }
  return { text: read.text, figure, quantile, limitUs: limit * 1000, isInclusive: comparator === '<=' };
}
