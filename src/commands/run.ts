import path from 'node:path';
import { Command } from 'commander';
import { draw } from '../kernel/random.ts';
import type { Format } from '../reporters/reporters.ts';
import { loadScenario, type LoadedScenario } from '../scenario/load.ts';
import type { Override } from '../scenario/override.ts';
import { checkScenario } from './check-scenario.ts';
import type { Context } from './context.ts';
import { conduct } from './conduct.ts';
import { helpAfter } from './help.ts';
import {
  allowRemoteOption,
  brokerOption,
  durationOption,
  formatOption,
  outOption,
  patternsOption,
  quietOption,
  rateOption,
  roundsOption,
  seedOption,
  setOption,
  skipBrokersOption,
  strictOption,
  targetOption,
} from './options.ts';
import { checkRows } from './rows.ts';

/** An option's value, and how it was written. */
interface Given<T> {
  readonly text: string;
  readonly value: T;
}

interface RunOptions {
  readonly rate?: Given<number>;
  readonly duration?: Given<number>;
  readonly rounds?: Given<number>;
  readonly patterns?: readonly string[];
  readonly seed?: number;
  readonly set?: readonly Override[];
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
  'commbench run rest-vs-queue',
  'commbench run rest-vs-queue --rate 500/s --rounds 3 --seed 7',
  'commbench run my-scenario.yaml --set service.holdMs=20ms --set outage=null',
  'commbench run rest-vs-queue --patterns rest --target rest=http://127.0.0.1:8080/users',
  'commbench run rest-vs-queue --strict --format json --quiet > result.json',
];

export function runCommand(context: Context): Command {
  return new Command('run')
    .description('measure every row of a scenario, then take the callee away once, and report')
    .argument('<scenario>', 'a name (see `commbench list`) or a file')
    .addOption(rateOption())
    .addOption(durationOption())
    .addOption(roundsOption())
    .addOption(patternsOption())
    .addOption(seedOption())
    .addOption(setOption())
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
    .action((scenario: string, options: RunOptions) => run(context, scenario, options));
}

async function run(context: Context, name: string, options: RunOptions): Promise<void> {
  const loaded = await loadScenario(name, overridesOf(options));
  await checkScenario(loaded);
  checkRows(loaded.scenario, {
    '--patterns': options.patterns ?? [],
    '--target': Object.keys(options.target ?? {}),
  });
  const seed = options.seed ?? newSeed();
  await conduct(context, {
    scenario: loaded.scenario,
    seed,
    patterns: options.patterns,
    targets: options.target ?? {},
    outPath: options.out ?? defaultOut(loaded),
    format: options.format,
    broker: options.broker ?? [],
    allowRemote: options.allowRemote ?? [],
    skipBrokers: options.skipBrokers ?? false,
    strict: options.strict ?? false,
    quiet: options.quiet ?? false,
  });
}

function overridesOf({ rate, duration, rounds, set }: RunOptions): Override[] {
  const given = (flag: string, at: string, option: Given<number> | undefined): Override[] =>
    option ? [{ origin: `${flag} ${option.text}`, path: at, value: option.value }] : [];
  return [
    ...given('--rate', 'load.ratePerS', rate),
    ...given('--duration', 'durationMs', duration),
    ...given('--rounds', 'rounds', rounds),
    ...(set ?? []),
  ];
}

/** Runs of different seeds are different samples; the seed is printed, and `replay` uses it again. */
function newSeed(): number {
  return Math.floor(draw(process.pid, 'seed', Date.now()) * 1_000_000);
}

function defaultOut({ scenario }: LoadedScenario): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+Z$/g, '');
  return path.join('commbench-results', `${scenario.name}-${stamp}.json`);
}
