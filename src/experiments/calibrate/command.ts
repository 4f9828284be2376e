import { Command, Option } from 'commander';
import { loadCatalogue } from '../../transports/discover.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import {
  type ConditionOptions,
  conditionsOf,
  type OutputOptions,
  recordedOptions,
  type ScenarioOptions,
} from '../../commands/options/measuring-options.ts';
import { addOptions, budgetOption } from '../../commands/options/options.ts';
import { checkPatterns } from '../../commands/options/patterns.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { openPrinter, type Shown } from '../../commands/terminal/printer.ts';
import { EXIT } from '../../kernel/errors.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import { conductDesign } from '../loop/conduct-design.ts';
import { calibrationFile, fingerprintOf, readCalibration } from './calibration-file.ts';
import { calibrationIn } from './found.ts';
import { calibrationView } from './view.ts';

interface CalibrateArguments
  extends Pick<ScenarioOptions, 'patterns'>, ConditionOptions, Pick<OutputOptions, 'quiet'>, Shown {
  readonly scenario: string;
  /** Ms. */
  readonly budget: number;
  readonly json?: true;
}

const EXAMPLES = [
  'commbench calibrate',
  'commbench calibrate --patterns rest,grpc --budget 2m',
  'commbench calibrate --scenario request-reply --json --quiet > calibration.json',
];

export function calibrateCommand(context: Context): Command {
  const budget = budgetOption('6m', 'trial');
  const json = new Option('--json', 'the same as --format json');
  const conditions = ['broker', 'skipBrokers', 'allowRemote'] as const;
  return addOptions(
    new Command('calibrate'),
    'scenario',
    'patterns',
    budget,
    'seed',
    'format',
    'full',
    json,
    'quiet',
    ...conditions,
  )
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits()))
    .action((asked: CalibrateArguments) => calibrate(context, asked));
}

async function calibrate(context: Context, asked: CalibrateArguments): Promise<void> {
  const { scenario } = await loadScenario(asked.scenario, [], await loadCatalogue());
  const { patterns, budget: budgetMs, quiet, json } = asked;
  checkPatterns(scenario, { '--patterns': patterns ?? [] });
  const conditions = await conditionsOf(context.env, asked);
  const fingerprint = fingerprintOf(describeEnvironment());
  const outPath = calibrationFile(fingerprint, context.env);
  const print = await openPrinter(context, json ? { ...asked, format: 'json' } : asked);
  const record = await conductDesign(
    context,
    {
      design: async () =>
        (await import('./design.ts')).calibrationDesign({
          ...conditions,
          scenario,
          patterns,
          budgetMs,
          fingerprint,
          earlier: readCalibration(outPath),
        }),
      conditions: { ...conditions, outPath, options: recordedOptions(conditions, { patterns }) },
      quiet,
    },
    (known) => print(calibrationView(calibrationIn(known), outPath)),
  );
  process.exitCode = record?.state === 'complete' ? EXIT.done : EXIT.incomplete;
}
