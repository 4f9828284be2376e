import { Command } from 'commander';
import { EXIT } from '../../kernel/errors.ts';
import type { SelftestReport } from './selftest.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { withMeasuring } from '../../commands/terminal/measuring.ts';
import { conditionsOf } from '../../commands/options/measuring-options.ts';
import { addOptions, seedOption } from '../../commands/options/options.ts';
import { loadAsked } from '../../commands/options/patterns.ts';
import { openPrinter } from '../../commands/terminal/printer.ts';
import type { MeasuringOptions } from '../loop/conduct-design.ts';
import { reportOfSelftest } from './selftest-report.ts';

/** Its patterns are tested. */
const SCENARIO = 'pattern-comparison';
const SEED = 1;
const EXAMPLES = [
  'commbench selftest',
  'commbench selftest --patterns rest,queue',
  'commbench selftest --skip-brokers --quiet',
];

export function selftestCommand(context: Context): Command {
  const shown = ['format', 'full', 'quiet'] as const;
  return addOptions(
    new Command('selftest'),
    'patterns',
    seedOption(String(SEED)),
    'skipBrokers',
    ...shown,
    'broker',
    'allowRemote',
  )
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits('notValid', 'thresholdMissed')))
    .action((asked: MeasuringOptions) => selftest(context, asked));
}

async function selftest(context: Context, asked: MeasuringOptions): Promise<void> {
  const { patterns, quiet = false } = asked;
  const scenario = await loadAsked(SCENARIO, [], { '--patterns': patterns });
  const conditions = await conditionsOf(context.env, { seed: SEED, ...asked });
  const print = await openPrinter(context, asked);
  const { runSelftest } = await import('./selftest.ts');
  const report = await withMeasuring(context, quiet, (measuring) =>
    runSelftest({ ...conditions, ...measuring, scenario, patterns }),
  );
  print(reportOfSelftest(report));
  process.exitCode = exitCodeOf(report);
}

function exitCodeOf({ checks }: SelftestReport): number {
  if (checks.some(({ verdict }) => verdict === 'failed')) return EXIT.notValid;
  return checks.some(({ verdict }) => verdict === 'not-run') ? EXIT.incomplete : EXIT.done;
}
