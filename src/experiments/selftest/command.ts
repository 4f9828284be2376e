import { Chalk } from 'chalk';
import { Command } from 'commander';
import { givenUrls } from '../../components/broker/given-urls.ts';
import { EXIT } from '../../kernel/errors.ts';
import type { SelftestReport } from './selftest.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import { type Context, wantsColor, widthOf } from '../../commands/terminal/context.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { withMeasuring } from '../../commands/terminal/measuring.ts';
import {
  allowRemoteOption,
  brokerOption,
  patternsOption,
  quietOption,
  seedOption,
  skipBrokersOption,
} from '../../commands/options/options.ts';
import { checkPatterns } from '../../commands/options/patterns.ts';
import { selftestText } from './selftest-text.ts';

interface SelftestOptions {
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
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(allowRemoteOption())
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits('notValid', 'thresholdMissed')))
    .action((options: SelftestOptions) => selftest(context, options));
}

async function selftest(context: Context, options: SelftestOptions): Promise<void> {
  const names = (await brokerDefinitions()).map((broker) => broker.name);
  const { scenario } = await loadScenario(SCENARIO, []);
  checkPatterns(scenario, { '--patterns': options.patterns ?? [] });
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
  const { stdout, env } = context;
  const ink = new Chalk({ level: wantsColor(stdout, env) ? 1 : 0 });
  stdout.write(selftestText(report, widthOf(stdout, env), ink));
  process.exitCode = exitCodeOf(report);
}

function exitCodeOf({ checks }: SelftestReport): number {
  if (checks.some(({ verdict }) => verdict === 'failed')) return EXIT.notValid;
  return checks.some(({ verdict }) => verdict === 'not-run') ? EXIT.incomplete : EXIT.done;
}
