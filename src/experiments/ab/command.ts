import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Command } from 'commander';
import { givenUrls } from '../../components/broker/given-urls.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { firstRate } from '../../kernel/load-shape.ts';
import type { Comparison } from '../../analysis/compare/comparison.ts';
import { BLOCK_CALLS } from '../../analysis/compare/pair.ts';
import { formatRate } from '../../report/format.ts';
import type { Result } from '../../record/record.ts';
import { prepareResultFile } from '../../record/store.ts';
import type { AbOptions } from './ab.ts';
import { pairedScenario } from '../../plan/paired-scenario.ts';
import { SWITCHBACK } from '../../plan/switchback-blocks.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import {
  type Arm,
  checkOwnAddresses,
  checkSameLoad,
  loadArm,
  patternsThatDiffer,
  shownChange,
} from './arms.ts';
import { addAbOptions, type AbArguments } from './options.ts';
import { scenarioProblems } from '../../commands/checks/check-scenario.ts';
import { checkTargets } from '../../commands/checks/check-targets.ts';
import { EXIT_OF_VERDICT } from '../../commands/terminal/exit-of-verdict.ts';
import { openPrinter } from '../../commands/terminal/printer.ts';
import { comparisonView } from '../../report/comparison/comparison-view.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { withMeasuring } from '../../commands/terminal/measuring.ts';
import { newSeed } from '../../commands/options/new-seed.ts';
import { RESULTS_FOLDER } from '../../commands/options/result-files.ts';
import { checkPatterns } from '../../commands/options/patterns.ts';
import { timeStamp } from '../../commands/options/time-stamp.ts';

const EXAMPLES = [
  'commbench ab queue-vs-stream --a client=kafkajs --b client=@platformatic/kafka',
  'commbench ab rest-vs-queue --patterns rest --b service.processingMs=1 --mode switchback',
  'commbench ab payload-size --patterns rest,grpc --a variant=kb1 --b variant=kb10 --margin 10%',
  'commbench ab mine.yaml --a "command=node v1/server.js" --b "command=node v2/server.js" --format markdown',
  'commbench ab rest-vs-queue --patterns rest --a target=http://127.0.0.1:8081/ --b target=http://127.0.0.1:8082/',
];

export function abCommand(context: Context): Command {
  const command = new Command('ab').argument('<scenario>', 'a name (see `commbench list`) or a file');
  return addAbOptions(command)
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits('regressed', 'inconclusive', 'notComparable')))
    .action((scenario: string, asked: AbArguments) => ab(context, scenario, asked));
}

async function ab(context: Context, name: string, asked: AbArguments): Promise<void> {
  const options = await optionsOf(context, name, asked);
  const print = await openPrinter(context, asked);
  for (const file of Object.values(options.files)) prepareResultFile(file);
  // Loaded here: everything before answers in an instant.
  const { runAb } = await import('./ab.ts');
  const { quiet = false } = asked;
  let known: Comparison | undefined;
  const compared = (comparison: Comparison) => (known = comparison);
  // Whatever ended it, what the whole pairs say is told.
  const announce = () => {
    if (known) print(comparisonView(known));
    if (known && !quiet) printWhere(context, path.dirname(options.files.a));
  };
  const results = await withMeasuring(
    context,
    quiet,
    (measuring) => runAb({ ...options, ...measuring, compared }),
    announce,
  );
  process.exitCode = exitCodeOf(known!, Object.values(results));
}

function printWhere({ stderr }: Context, folder: string): void {
  stderr.write(`Every pair is in ${folder}; \`commbench compare ${folder}\` judges them again.\n`);
}

/**
 * A regression is one, whatever else could not be run. A trial that failed is no pair, and so in no figure: a head that
 * does not even start must not pass for one of which nothing is known.
 */
function exitCodeOf({ verdict }: Comparison, results: readonly Result[]): number {
  const isWhole = results.every(({ state }) => state === 'complete');
  return isWhole || verdict === 'regressed' ? EXIT_OF_VERDICT[verdict] : EXIT.incomplete;
}

type Decided = Omit<AbOptions, 'progress' | 'signal' | 'compared'>;

/** @throws CommbenchError bad-option, bad-scenario */
async function optionsOf(context: Context, name: string, asked: AbArguments): Promise<Decided> {
  const { a: ofA = [], b: ofB = [], set = [], target: targets = {}, allowRemote = [] } = asked;
  const { scenario: base } = await loadScenario(name, set, scenarioProblems);
  checkPatterns(base, { '--patterns': asked.patterns ?? [] });
  const both = { name, set, patterns: asked.patterns, targets };
  const a = await loadArm(base, both, 'a', ofA);
  const b = await loadArm(base, both, 'b', ofB);
  checkSameLoad(a, b);
  const patterns = base.patterns
    .map(({ id }) => id)
    .filter((id) => (asked.patterns ?? patternsThatDiffer(a, b)).includes(id));
  for (const arm of [a, b]) await checkTargets(arm.scenario, patterns, onlyOf(arm.targets, patterns));
  if (asked.mode === 'switchback') {
    checkConstantLoad(a.scenario, patterns);
    checkBlockRate(a.scenario, patterns);
    checkOwnAddresses(a, b, patterns);
  }
  const names = (await brokerDefinitions()).map((broker) => broker.name);
  const armOf = (arm: Arm) => ({
    ...arm,
    scenario: pairedScenario(arm.scenario, asked.pairs),
    targets: onlyOf(arm.targets, patterns),
  });
  const folder = asked.out ?? path.join(RESULTS_FOLDER, `ab-${base.name}-${timeStamp()}`);
  return {
    arms: { a: armOf(a), b: armOf(b) },
    patterns,
    mode: asked.mode,
    margin: asked.margin,
    mostPairs: asked.pairs,
    budgetMs: asked.budget,
    seed: asked.seed ?? newSeed(),
    interleaveId: randomUUID(),
    files: { a: path.join(folder, 'a.json'), b: path.join(folder, 'b.json') },
    brokers: givenUrls(asked.broker ?? [], names, context.env),
    allowRemote,
    options: recorded(asked),
  };
}

function onlyOf<T>(byRow: Readonly<Record<string, T>>, rows: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(byRow).filter(([id]) => rows.includes(id)));
}

/** Blocks of one rate, or their figures would be of different loads. */
function checkConstantLoad({ load, patterns }: Scenario, rows: readonly string[]): void {
  const loads = [load, ...patterns.filter(({ id }) => rows.includes(id)).flatMap((row) => row.load ?? [])];
  const other = loads.find(({ shape }) => shape !== 'constant');
  if (!other) return;
  throw new CommbenchError(
    'bad-option',
    `--mode switchback: Expected a load of constant shape, which is cut into blocks, found ${other.shape}`,
    { hint: 'Compare it with --mode pairs.' },
  );
}

/** At fewer no block would hold the calls that its median takes, and no pair would ever say anything. */
function checkBlockRate({ load, patterns }: Scenario, rows: readonly string[]): void {
  const leastPerS = (BLOCK_CALLS * 1000) / (SWITCHBACK.blockMs - SWITCHBACK.washoutMs);
  const rates = patterns.filter(({ id }) => rows.includes(id)).map((row) => firstRate(row.load ?? load));
  const slow = rates.find((ratePerS) => ratePerS < leastPerS);
  if (slow === undefined) return;
  throw new CommbenchError(
    'bad-option',
    `--mode switchback: Expected a load of ${formatRate(leastPerS)} or more, so that each block has ${BLOCK_CALLS} calls, found ${formatRate(slow)}`,
    { hint: 'Raise it in both arms with --set load.ratePerS=RATE, or compare with --mode pairs.' },
  );
}

/** What the user asked for, without credentials. */
function recorded({ a = [], b = [], ...asked }: AbArguments): Record<string, unknown> {
  const { margin, pairs, budget: budgetMs, mode, patterns = null } = asked;
  return { a: a.map(shownChange), b: b.map(shownChange), margin, pairs, budgetMs, mode, patterns };
}
