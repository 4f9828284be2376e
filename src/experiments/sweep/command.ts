import path from 'node:path';
import { Command } from 'commander';
import { givenUrls } from '../../components/broker/given-urls.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { MAX_ARRIVALS } from '../../kernel/load-shape.ts';
import type { Objective, Sweep } from '../../record/sweep-record.ts';
import { prepareResultFile } from '../../record/store.ts';
import { metBy, type SweptPattern, sweptPatterns } from '../../report/searches/sweep-points.ts';
import type { SweepOptions } from './sweep.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import { scenarioProblems } from '../../commands/checks/check-scenario.ts';
import { checkTargets } from '../../commands/checks/check-targets.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { measureRecord } from '../../commands/terminal/measuring.ts';
import { openPrinter } from '../../commands/terminal/printer.ts';
import { newSeed } from '../../commands/options/new-seed.ts';
import { RESULTS_FOLDER } from '../../commands/options/result-files.ts';
import { checkPatterns } from '../../commands/options/patterns.ts';
import { addSweepOptions, type SweepArguments, ratesOf } from './options.ts';
import { timeStamp } from '../../commands/options/time-stamp.ts';

const EXAMPLES = [
  'commbench sweep pattern-comparison',
  'commbench sweep rest-vs-queue --set service.processingMs=20 --to 1k/s --objective "completion p99 < 200ms"',
  'commbench sweep request-reply --patterns rest,grpc --from 500 --to 10k --steps 6 --rounds 1',
  'commbench sweep rest-vs-queue --patterns rest --target rest=http://127.0.0.1:8080/users --rates 100,200,400',
];

export function sweepCommand(context: Context): Command {
  const command = new Command('sweep').argument('<scenario>', 'a name (see `commbench list`) or a file');
  return addSweepOptions(command)
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits('inconclusive')))
    .action((scenario: string, asked: SweepArguments) => sweep(context, scenario, asked));
}

async function sweep(context: Context, name: string, asked: SweepArguments): Promise<void> {
  const { scenario } = await loadScenario(name, asked.set ?? [], scenarioProblems);
  const options = await optionsOf(context, asked, scenario);
  const print = await openPrinter(context, asked);
  prepareResultFile(options.outPath);
  // Loaded here: everything before answers in an instant.
  const { runSweep } = await import('./sweep.ts');
  const wanted = { quiet: asked.quiet ?? false, print, outPath: options.outPath };
  const record = await measureRecord<Sweep>(context, wanted, (measuring) =>
    runSweep({ ...options, ...measuring }),
  );
  if (record) process.exitCode = exitCodeOfSweep(record);
}

/** Inconclusive: of no row can be told what was asked. */
export function exitCodeOfSweep(record: Sweep): number {
  if (record.state !== 'complete') return EXIT.incomplete;
  const isKnown = sweptPatterns(record).some((pattern) => isConclusive(pattern, record.objective));
  return isKnown ? EXIT.done : EXIT.inconclusive;
}

function isConclusive(pattern: SweptPattern, objective: Objective | null): boolean {
  if (!objective) return pattern.points.some(({ state }) => state !== 'unmeasured');
  const { metPerS, missedPerS } = metBy(pattern, objective);
  return metPerS !== null || missedPerS !== null;
}

type Decided = Omit<SweepOptions, 'progress' | 'signal' | 'begun'>;

/** @throws CommbenchError bad-option */
async function optionsOf(context: Context, asked: SweepArguments, scenario: Scenario): Promise<Decided> {
  const { patterns, target: targets = {} } = asked;
  checkPatterns(scenario, { '--patterns': patterns ?? [] });
  await checkTargets(scenario, patterns, targets);
  const rates = ratesOf(asked);
  await refuseUnfit(scenario, rates, asked);
  const names = (await brokerDefinitions()).map((broker) => broker.name);
  return {
    scenario,
    patterns,
    targets,
    rates,
    rounds: asked.rounds,
    generators: asked.generators ?? 1,
    quantile: asked.percentile,
    objective: asked.objective ?? null,
    seed: asked.seed ?? newSeed(),
    brokers: givenUrls(asked.broker ?? [], names, context.env),
    skipBrokers: asked.skipBrokers ?? false,
    allowRemote: asked.allowRemote ?? [],
    outPath: asked.out ?? path.join(RESULTS_FOLDER, `sweep-${scenario.name}-${timeStamp()}.json`),
  };
}

async function refuseUnfit(
  { services, name }: Scenario,
  rates: readonly number[],
  { rounds, percentile, objective }: SweepArguments,
): Promise<void> {
  if (services.length > 0) {
    throw new CommbenchError(
      'bad-option',
      `Expected a scenario without services, whose rows are one service each, found ${name}`,
    );
  }
  const { lengthMs } = await import('../rate-trial.ts');
  const most = rates.at(-1)!;
  const quantile = Math.max(percentile, objective?.quantile ?? 0);
  const arrivals = (most * lengthMs(most, rounds, { drawn: percentile, quantile })) / 1000;
  if (arrivals > MAX_ARRIVALS) {
    throw new CommbenchError(
      'bad-option',
      `Expected at most ${MAX_ARRIVALS} arrivals a trial, found ${Math.ceil(arrivals)} at ${most}/s`,
    );
  }
}
