import { Command, InvalidArgumentError, Option } from 'commander';
import { givenUrls } from '../../components/broker/given-urls.ts';
import { EXIT } from '../../kernel/errors.ts';
import type { Calibration } from '../../record/calibration-record.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { prepareResultFile } from '../../record/store.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import { parseDurationMs } from '../../scenario/schema/units.ts';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import { scenarioProblems } from '../../commands/checks/check-scenario.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { measureRecord } from '../../commands/terminal/measuring.ts';
import { openPrinter, type Shown } from '../../commands/terminal/printer.ts';
import { newSeed } from '../../commands/options/new-seed.ts';
import {
  allowRemoteOption,
  brokerOption,
  formatOption,
  fullOption,
  patternsOption,
  quietOption,
  seedOption,
  skipBrokersOption,
} from '../../commands/options/options.ts';
import { checkPatterns } from '../../commands/options/patterns.ts';

interface CalibrateArguments extends Shown {
  readonly scenario: string;
  readonly patterns?: readonly string[];
  /** Ms. */
  readonly budget: number;
  readonly seed?: number;
  readonly json?: true;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly skipBrokers?: true;
  readonly allowRemote?: readonly string[];
}

const DEFAULT_BUDGET = '6m';
const EXAMPLES = [
  'commbench calibrate',
  'commbench calibrate --patterns rest,grpc --budget 2m',
  'commbench calibrate --scenario request-reply --json --quiet > calibration.json',
];

export function calibrateCommand(context: Context): Command {
  return addOptions(new Command('calibrate'))
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits()))
    .action((asked: CalibrateArguments) => calibrate(context, asked));
}

function addOptions(command: Command): Command {
  return command
    .option('--scenario <scenario>', 'where the rows stand: a name or a file', 'pattern-comparison')
    .addOption(patternsOption())
    .addOption(
      new Option('--budget <time>', 'no trial begins later, from when brokers are up')
        .default(parseDurationMs(DEFAULT_BUDGET), DEFAULT_BUDGET)
        .argParser((text) => {
          const ms = parseDurationMs(text);
          if (ms !== undefined && ms > 0) return ms;
          throw new InvalidArgumentError(`Expected a time with its unit, such as 90s or 5m, found ${text}`);
        }),
    )
    .addOption(seedOption())
    .addOption(formatOption())
    .addOption(fullOption())
    .option('--json', 'the same as --format json')
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(skipBrokersOption())
    .addOption(allowRemoteOption());
}

async function calibrate(context: Context, asked: CalibrateArguments): Promise<void> {
  const { scenario } = await loadScenario(asked.scenario, [], scenarioProblems);
  checkPatterns(scenario, { '--patterns': asked.patterns ?? [] });
  const names = (await brokerDefinitions()).map((broker) => broker.name);
  const brokers = givenUrls(asked.broker ?? [], names, context.env);
  // Loaded here: everything before answers in an instant.
  const { calibrationFile, fingerprintOf } = await import('../calibration-file.ts');
  const { runCalibrate } = await import('./calibrate.ts');
  const outPath = calibrationFile(fingerprintOf(describeEnvironment()), context.env);
  const print = await openPrinter(context, asked.json ? { ...asked, format: 'json' } : asked);
  prepareResultFile(outPath);
  const { patterns, budget: budgetMs, allowRemote = [], skipBrokers = false } = asked;
  const seed = asked.seed ?? newSeed();
  const options = { scenario, patterns, budgetMs, seed, brokers, allowRemote, skipBrokers, outPath };
  const wanted = { quiet: asked.quiet ?? false, print, outPath };
  const record = await measureRecord<Calibration>(context, wanted, (measuring) =>
    runCalibrate({ ...options, ...measuring }),
  );
  process.exitCode = record?.state === 'complete' ? EXIT.done : EXIT.incomplete;
}
