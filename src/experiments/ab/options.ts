import { type Command, Option } from 'commander';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import { addOptions, budgetOption, outOption } from '../../commands/options/options.ts';
import type { MeasuringOptions } from '../loop/conduct-design.ts';
import { wholeFrom } from '../../commands/options/parsers.ts';
import { MOST_PAIRS } from '../../measure/stats/looks.ts';

/** pairs: one after the other. switchback: both alive, the load alternating between them. */
const MODES = ['pairs', 'switchback'] as const;

export interface AbArguments extends MeasuringOptions, Pick<ScenarioOptions, 'set'> {
  readonly a?: readonly string[];
  readonly b?: readonly string[];
  /** As a share. */
  readonly margin: number;
  readonly pairs: number;
  /** Ms. */
  readonly budget: number;
  readonly mode: (typeof MODES)[number];
}

export function addAbOptions(command: Command): Command {
  const mode = new Option(
    '--mode <mode>',
    'pairs: one after the other; switchback: both alive, the load in turns',
  );
  return addOptions(
    command,
    armOption('a', 'the baseline'),
    armOption('b', 'the candidate'),
    'patterns',
    'margin',
    new Option('--pairs <n>', `maximum number of pairs (1–${MOST_PAIRS})`)
      .argParser(wholeFrom(1, MOST_PAIRS))
      .default(MOST_PAIRS),
    budgetOption('30m'),
    mode.choices(MODES).default('pairs'),
    'seed',
    'set',
    outOption('ab-<scenario>', 'the file with every pair'),
    'format',
    'full',
    'quiet',
    'broker',
    'target',
    'allowRemote',
  );
}

function armOption(name: 'a' | 'b', what: string): Option {
  const text = `${what}: a change to the scenario, e.g. client=kafkajs or service.processingMs=24 (repeatable)`;
  return new Option(`--${name} <key=value>`, text).argParser(
    (change, earlier: readonly string[] | undefined) => [...(earlier ?? []), change],
  );
}
