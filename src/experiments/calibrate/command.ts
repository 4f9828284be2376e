import { Command, Option } from 'commander';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { addOptions, budgetOption } from '../../commands/options/options.ts';
import { loadAsked } from '../../commands/options/patterns.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { EXIT } from '../../kernel/errors.ts';
import { describeEnvironment } from '../../record/environment.ts';
import { conductDesign, type MeasuringOptions } from '../loop/conduct-design.ts';
import { calibrationFile, fingerprintOf, readCalibration } from './calibration-file.ts';
import { calibrationKind } from './view.ts';

interface CalibrateArguments extends MeasuringOptions {
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
  const measured = ['scenario', 'patterns', budgetOption('6m', 'trial'), 'seed'] as const;
  const shown = [
    'format',
    'report',
    'full',
    new Option('--json', 'the same as --format json'),
    'quiet',
  ] as const;
  const conditions = ['waitQuiet', 'broker', 'skipBrokers', 'allowRemote'] as const;
  return addOptions(new Command('calibrate'), ...measured, ...shown, ...conditions)
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits()))
    .action((asked: CalibrateArguments) => calibrate(context, asked));
}

async function calibrate(context: Context, { json, ...asked }: CalibrateArguments): Promise<void> {
  const { patterns, budget: budgetMs } = asked;
  const scenario = await loadAsked(asked.scenario, [], { '--patterns': patterns });
  const fingerprint = fingerprintOf(describeEnvironment());
  const out = calibrationFile(fingerprint, context.env);
  const options = { ...asked, out, ...(json ? { format: 'json' } : {}) };
  const record = await conductDesign(context, options, {
    name: 'calibration',
    hasPage: false,
    design: async (conditions) => {
      const earlier = readCalibration(out);
      const plan = { ...conditions, scenario, patterns, budgetMs, fingerprint, earlier };
      return (await import('./design.ts')).calibrationDesign(plan);
    },
    show: (known, file, print) => print(calibrationKind.view(known, file)),
  });
  process.exitCode = record?.state === 'complete' ? EXIT.done : EXIT.incomplete;
}
