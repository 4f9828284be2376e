import { Chalk } from 'chalk';
import { Command } from 'commander';
import { givenUrls } from '../brokers/given-urls.ts';
import { EXIT } from '../kernel/errors.ts';
import type { SelftestReport } from '../run/selftest.ts';
import { loadScenario } from '../scenario/load.ts';
import { installSignals } from '../services/signals.ts';
import { brokerDefinitions } from '../transports/broker-definitions.ts';
import { MEASURING_EXITS } from './conduct-options.ts';
import { type Context, wantsColor, widthOf } from './context.ts';
import { helpAfter } from './help.ts';
import { openProgress } from './open-progress.ts';
import { allowRemoteOption, brokerOption, quietOption, seedOption, skipBrokersOption } from './options.ts';
import { selftestText } from './selftest-text.ts';

interface SelftestOptions {
  readonly seed?: number;
  readonly skipBrokers?: true;
  readonly quiet?: true;
  readonly broker?: readonly string[];
  readonly allowRemote?: readonly string[];
}

const EXAMPLES = ['commbench selftest', 'commbench selftest --skip-brokers --quiet'];

export function selftestCommand(context: Context): Command {
  return new Command('selftest')
    .description(
      'test the instrument itself: plant known delays, freezes and losses, and compare (about 90 s)',
    )
    .addOption(seedOption())
    .addOption(skipBrokersOption())
    .addOption(quietOption())
    .addOption(brokerOption())
    .addOption(allowRemoteOption())
    .addHelpText('after', helpAfter(EXAMPLES, MEASURING_EXITS))
    .action((options: SelftestOptions) => selftest(context, options));
}

async function selftest(context: Context, options: SelftestOptions): Promise<void> {
  const names = (await brokerDefinitions()).map((broker) => broker.name);
  const { scenario } = await loadScenario('rest-vs-queue', []);
  const { runSelftest } = await import('../run/selftest.ts');
  using interruption = installSignals();
  const progress = openProgress(context, options.quiet ?? false);
  let report: SelftestReport;
  try {
    report = await runSelftest({
      brokers: givenUrls(options.broker ?? [], names, context.env),
      allowRemote: options.allowRemote ?? [],
      skipBrokers: options.skipBrokers ?? false,
      patterns: scenario.patterns,
      seed: options.seed ?? 1,
      progress,
      signal: interruption.signal,
    });
  } finally {
    progress.close();
  }
  const { stdout, env } = context;
  const ink = new Chalk({ level: wantsColor(stdout, env) ? 1 : 0 });
  stdout.write(selftestText(report, widthOf(stdout, env), ink));
  process.exitCode = exitCodeOf(report);
}

function exitCodeOf({ checks }: SelftestReport): number {
  if (checks.some((check) => !check.passed && check.reported !== 'not run')) return EXIT.notValid;
  return checks.every((check) => check.passed) ? EXIT.done : EXIT.incomplete;
}
