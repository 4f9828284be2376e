import { Chalk } from 'chalk';
import { Command } from 'commander';
import { givenUrls } from '../../components/broker/given-urls.ts';
import { EXIT } from '../../kernel/errors.ts';
import type { SelftestReport } from './selftest.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import { brokerNames } from '../../components/broker/broker-definitions.ts';
import { type Context, wantsColor, widthOf } from '../../commands/terminal/context.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { withMeasuring } from '../../commands/terminal/measuring.ts';
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
import { openPrinter, type Shown } from '../../commands/terminal/printer.ts';
import { reportOfSelftest } from './selftest-report.ts';
import { selftestText } from './selftest-text.ts';

interface SelftestOptions extends Shown {
  readonly patterns?: readonly string[];
  readonly seed?: number;
  readonly skipBrokers?: true;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly allowRemote?: readonly string[];
}

/** Its rows are those that are tested. */
const SCENARIO = 'pattern-comparison';
const EXAMPLES = [
  'commbench selftest',
  'commbench selftest --patterns rest,queue',
  'commbench selftest --skip-brokers --quiet',
];

export function selftestCommand(context: Context): Command {
  return new Command('selftest')
    .addOption(patternsOption())
    .addOption(seedOption('1'))
    .addOption(skipBrokersOption())
    .addOption(formatOption())
    .addOption(fullOption())
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(allowRemoteOption())
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits('notValid', 'thresholdMissed')))
    .action((options: SelftestOptions) => selftest(context, options));
}

async function selftest(context: Context, options: SelftestOptions): Promise<void> {
  const names = brokerNames();
  const { scenario } = await loadScenario(SCENARIO, []);
  checkPatterns(scenario, { '--patterns': options.patterns ?? [] });
  const print = await openPrinter(context, options);
  const { runSelftest } = await import('./selftest.ts');
  const report = await withMeasuring(context, options.quiet ?? false, (measuring) =>
    runSelftest({
      brokers: givenUrls(options.broker ?? [], names, context.env),
      allowRemote: options.allowRemote ?? [],
      skipBrokers: options.skipBrokers ?? false,
      scenario,
      patterns: options.patterns,
      seed: options.seed ?? 1,
      ...measuring,
    }),
  );
  if (options.full && options.format === 'table') printChecks(context, report);
  else print(reportOfSelftest(report));
  process.exitCode = exitCodeOf(report);
}

/** Check by check: what was planted beside what was reported. */
function printChecks({ stdout, env }: Context, report: SelftestReport): void {
  const ink = new Chalk({ level: wantsColor(stdout, env) ? 1 : 0 });
  stdout.write(selftestText(report, widthOf(stdout, env), ink));
}

function exitCodeOf({ checks }: SelftestReport): number {
  if (checks.some(({ verdict }) => verdict === 'failed')) return EXIT.notValid;
  return checks.some(({ verdict }) => verdict === 'not-run') ? EXIT.incomplete : EXIT.done;
}
