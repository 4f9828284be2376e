import { type Command, Option } from 'commander';
import type { ScenarioOptions } from '../../commands/options/measuring-options.ts';
import { addOptions, budgetOption, outOption } from '../../commands/options/options.ts';
import type { MeasuringOptions } from '../loop/conduct-design.ts';
import { asGiven, repeated, wholeFrom } from '../../commands/options/parsers.ts';
import { type AbDesign, MODES } from './record.ts';
import { MOST_PAIRS } from '../../measure/stats/looks.ts';

export interface AbArguments extends MeasuringOptions, Pick<ScenarioOptions, 'set'> {
  readonly a?: readonly string[];
  readonly b?: readonly string[];
  /** As a share. */
  readonly margin: number;
  readonly pairs: number;
  /** Ms. */
  readonly budget: number;
  readonly mode: AbDesign['mode'];
  /** Id of the scenario's case whose faults are injected. */
  readonly case?: string;
  /** False: `--no-faults`. */
  readonly faults: boolean;
}

export function addAbOptions(command: Command): Command {
  const mode = new Option(
    '--mode <mode>',
    'pairs: one arm after the other; switchback: both run, the load alternates',
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
    new Option('--case <id>', 'compare under the faults of this case of the scenario'),
    new Option('--no-faults', 'compare without the faults of the scenario'),
    'seed',
    'set',
    outOption('ab-<scenario>', 'the file with every pair'),
    'format',
    'report',
    'full',
    'quiet',
    'waitQuiet',
    'broker',
    'target',
    'storeValues',
    'allowRemote',
  );
}

function armOption(name: 'a' | 'b', what: string): Option {
  const text = `${what}: a change to the scenario, e.g. client=kafkajs or service.processingMs=24 (repeatable)`;
  return new Option(`--${name} <key=value>`, text).argParser(repeated(asGiven));
}
