import path from 'node:path';
import { Command } from 'commander';
import type { Format } from '../reporters/reporters.ts';
import type { Result } from '../results/record.ts';
import { readResult } from '../results/store.ts';
import { conduct } from './conduct.ts';
import type { Context } from './context.ts';
import { helpAfter } from './help.ts';
import {
  allowRemoteOption,
  brokerOption,
  formatOption,
  outOption,
  quietOption,
  skipBrokersOption,
  strictOption,
  targetOption,
} from './options.ts';
import { checkRows } from './rows.ts';

interface ReplayOptions {
  readonly out?: string;
  readonly format: Format;
  readonly strict?: true;
  readonly skipBrokers?: true;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly target?: Readonly<Record<string, string>>;
  readonly allowRemote?: readonly string[];
}

const EXAMPLES = [
  'commbench replay commbench-results/rest-vs-queue-20261102T100000.json',
  'commbench replay result.json --out again.json --strict',
];

export function replayCommand(context: Context): Command {
  return new Command('replay')
    .description('run the plan of an earlier result again: same scenario, seed and order; a new result file')
    .argument('<file>', 'a result file')
    .addOption(outOption())
    .addOption(formatOption())
    .addOption(strictOption())
    .addOption(skipBrokersOption())
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(targetOption())
    .addOption(allowRemoteOption())
    .addHelpText(
      'after',
      helpAfter(EXAMPLES, [
        'done',
        'defect',
        'badInput',
        'incomplete',
        'notValid',
        'environment',
        'interrupted',
        'terminated',
      ]),
    )
    .action((file: string, options: ReplayOptions) => replay(context, file, options));
}

async function replay(context: Context, file: string, options: ReplayOptions): Promise<void> {
  const earlier = readResult(file);
  checkRows(earlier.scenario, { '--target': Object.keys(options.target ?? {}) });
  await conduct(context, {
    scenario: earlier.scenario,
    seed: earlier.seed,
    // The rows that were chosen then, run or not: the order is drawn over them.
    patterns: earlier.patterns.map((pattern) => pattern.id),
    targets: { ...earlierTargets(earlier), ...options.target },
    outPath: options.out ?? besides(file),
    format: options.format,
    broker: options.broker ?? [],
    allowRemote: options.allowRemote ?? [],
    skipBrokers: options.skipBrokers ?? false,
    strict: options.strict ?? false,
    quiet: options.quiet ?? false,
  });
}

/** URLs given with --target then; one with credentials was stored without them and has to be given again. */
function earlierTargets({ options }: Result): Record<string, string> {
  const { targets } = options as { targets?: unknown };
  if (typeof targets !== 'object' || targets === null) return {};
  return Object.fromEntries(
    Object.entries(targets).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function besides(file: string): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
  const { dir, name } = path.parse(file);
  return path.join(dir, `${name.replace(/-replay-.*$/, '')}-replay-${stamp}.json`);
}
