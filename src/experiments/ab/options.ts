import { type Command, InvalidArgumentError, Option } from 'commander';
import { MOST_PAIRS } from '../../measure/stats/looks.ts';
import type { Shown } from '../../commands/terminal/printer.ts';
import type { Override } from '../../scenario/load/override.ts';
import { parseDurationMs } from '../../scenario/schema/units.ts';
import {
  allowRemoteOption,
  brokerOption,
  formatOption,
  fullOption,
  marginOption,
  patternsOption,
  quietOption,
  seedOption,
  setOption,
  targetOption,
} from '../../commands/options/options.ts';

/** pairs: one after the other. switchback: both alive, the load alternating between them. */
const MODES = ['pairs', 'switchback'] as const;

export interface AbArguments extends Shown {
  readonly a?: readonly string[];
  readonly b?: readonly string[];
  readonly patterns?: readonly string[];
  /** As a share. */
  readonly margin: number;
  readonly pairs: number;
  /** Ms. */
  readonly budget: number;
  readonly mode: (typeof MODES)[number];
  readonly seed?: number;
  readonly set?: readonly Override[];
  readonly out?: string;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly target?: Readonly<Record<string, string>>;
  readonly allowRemote?: readonly string[];
}

const DEFAULT_BUDGET = '30m';

export function addAbOptions(command: Command): Command {
  return command
    .addOption(armOption('a', 'the baseline'))
    .addOption(armOption('b', 'the candidate'))
    .addOption(patternsOption())
    .addOption(marginOption())
    .option('--pairs <n>', `at most so many, ${MOST_PAIRS} or fewer`, pairs, MOST_PAIRS)
    .addOption(
      new Option('--budget <time>', 'no pair begins later, from when brokers are up')
        .default(parseDurationMs(DEFAULT_BUDGET), DEFAULT_BUDGET)
        .argParser(duration),
    )
    .addOption(
      new Option('--mode <mode>', 'pairs: one after the other; switchback: both alive, the load in turns')
        .choices(MODES)
        .default('pairs'),
    )
    .addOption(seedOption())
    .addOption(setOption())
    .option('--out <folder>', 'where a.json and b.json are written (default: results/ab-<scenario>-<time>)')
    .addOption(formatOption())
    .addOption(fullOption())
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(targetOption())
    .addOption(allowRemoteOption());
}

function armOption(name: 'a' | 'b', what: string): Option {
  const text = `${what}: a change to the scenario, e.g. client=kafkajs or service.processingMs=24 (repeatable)`;
  return new Option(`--${name} <key=value>`, text).argParser(
    (change, earlier: readonly string[] | undefined) => [...(earlier ?? []), change],
  );
}

function pairs(text: string): number {
  const n = Number(text);
  if (/^\d{1,2}$/.test(text) && n >= 1 && n <= MOST_PAIRS) return n;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MOST_PAIRS}, found ${text}`);
}

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError(`Expected a time with its unit, such as 90s or 5m, found ${text}`);
}
