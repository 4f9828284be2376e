import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { Comparison } from '../../analysis/compare/comparison.ts';
import { BLOCK_CALLS } from '../../analysis/compare/pair.ts';
import { checkTargets } from '../../commands/options/check-targets.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { loadAsked } from '../../commands/options/patterns.ts';
import { exitOfComparison } from '../../commands/terminal/exit-of-verdict.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { firstRate } from '../../kernel/load-shape.ts';
import { pairedScenario } from '../../plan/paired-scenario.ts';
import { SWITCHBACK } from '../../plan/switchback-blocks.ts';
import { formatRate } from '../../report/format.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { conductDesign } from '../loop/conduct-design.ts';
import {
  type Arm,
  checkOwnAddresses,
  checkSameLoad,
  distinctTitles,
  loadArm,
  patternsThatDiffer,
  storedChange,
} from './arms.ts';
import { abView, comparisonIn } from './compared.ts';
import { addAbOptions, type AbArguments } from './options.ts';
import { pairedFaults } from '../paired/paired-faults.ts';
import type { AbRecord } from './record.ts';

const EXAMPLES = [
  'commbench ab queue-vs-stream --a client=kafkajs --b client=@platformatic/kafka',
  'commbench ab rest-vs-queue --patterns rest --b service.processingMs=1 --mode switchback',
  'commbench ab payload-size --patterns rest,grpc --a variant=kb1 --b variant=kb10 --margin 10%',
  'commbench ab quick --patterns rest --b pattern=grpc --mode switchback',
  'commbench ab circuit-breaker --a variant=none --b variant=breaker',
  'commbench ab cascade --case slow --a variant=synchronous --b variant=rabbitmq',
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
  const { set = [], target: targets = {} } = asked;
  const base = await loadAsked(name, set, { '--patterns': asked.patterns });
  const paired = pairedFaults(base, asked);
  const { storeValues = false } = asked;
  const both = { name, set, patterns: asked.patterns, targets, storeValues, faults: paired };
  const { a, b } = distinctTitles(
    await loadArm(base, both, 'a', asked.a ?? []),
    await loadArm(base, both, 'b', asked.b ?? []),
  );
  const patterns = await checkArms(base, a, b, asked);
  const armOf = (arm: Arm) => ({
    ...arm,
    scenario: pairedScenario(arm.scenario, asked.pairs, paired.kind),
    targets: onlyOf(arm.targets, patterns),
  });
  if (paired.kind === 'fault') checkPairsMode(asked.mode);
  const { mode, margin, pairs: mostPairs, budget: budgetMs } = asked;
  const design = { id: randomUUID(), mode, kind: paired.kind, margin, mostPairs, budgetMs };
  const arms = { a: armOf(a), b: armOf(b) };
  const record = await conductDesign(context, asked, {
    name: `ab-${base.name}`,
    options: {
      a: (asked.a ?? []).map((change) => storedChange(change, storeValues)),
      b: (asked.b ?? []).map((change) => storedChange(change, storeValues)),
    },
    design: async (conditions) =>
      (await import('./design.ts')).abDesign({ ...conditions, arms, patterns, design }),
    show(known, file, print) {
      if (known.trials.length === 0) return;
      print(abView(known, file));
      if (asked.quiet) return;
      context.stderr.write(`Every pair is in ${file}; \`commbench compare ${file}\` evaluates them again.\n`);
    },
  });
  process.exitCode = exitCodeOf(comparisonIn(record!, 'ab'), record!);
}

/**
 * A regression counts, whatever else could not be run. A failed trial is in no pair and no figure: a candidate that
 * does not even start must not pass as inconclusive.
 */
function exitCodeOf(comparison: Comparison, { state }: AbRecord): number {
  const isKnown = state === 'complete' || comparison.verdict === 'regressed';
  return isKnown ? exitOfComparison(comparison) : EXIT.incomplete;
}

/** @returns ids of the patterns that are compared @throws CommbenchError bad-option */
async function checkArms(base: Scenario, a: Arm, b: Arm, asked: AbArguments): Promise<string[]> {
  checkSameLoad(a, b);
  const chosen = asked.patterns ?? patternsThatDiffer(a, b);
  const patterns = base.patterns.map(({ id }) => id).filter((id) => chosen.includes(id));
  for (const arm of [a, b]) await checkTargets(arm.scenario, patterns, onlyOf(arm.targets, patterns));
  if (asked.mode === 'switchback') {
    checkConstantLoad(a.scenario, patterns);
    checkBlockRate(a.scenario, patterns);
    checkOwnAddresses(a, b, patterns);
  }
  return patterns;
}

function onlyOf<T>(byPattern: Readonly<Record<string, T>>, patterns: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(byPattern).filter(([id]) => patterns.includes(id)));
}

/** Both arms of a block would meet the fault at different times. @throws CommbenchError bad-option */
function checkPairsMode(mode: AbArguments['mode']): void {
  if (mode === 'pairs') return;
  throw new CommbenchError('bad-option', '--mode switchback cannot compare trials with faults', {
    hint: 'Use --mode pairs, or compare without the faults: --no-faults.',
  });
}

/** Blocks need one rate; otherwise their figures would be of different loads. */
function checkConstantLoad({ load, patterns }: Scenario, ids: readonly string[]): void {
  const loads = [load, ...patterns.filter(({ id }) => ids.includes(id)).flatMap((one) => one.load ?? [])];
  const other = loads.find(({ shape }) => shape !== 'constant');
  if (!other) return;
  throw new CommbenchError(
    'bad-option',
    `--mode switchback needs a load of constant shape, found ${other.shape}`,
    { hint: 'Use --mode pairs.' },
  );
}

/** At a lower rate no block would hold the calls that its median needs, and no pair could be used. */
function checkBlockRate({ load, patterns }: Scenario, ids: readonly string[]): void {
  const leastPerS = (BLOCK_CALLS * 1000) / (SWITCHBACK.blockMs - SWITCHBACK.washoutMs);
  const rates = patterns.filter(({ id }) => ids.includes(id)).map((one) => firstRate(one.load ?? load));
  const slow = rates.find((ratePerS) => ratePerS < leastPerS);
  if (slow === undefined) return;
  throw new CommbenchError(
    'bad-option',
    `--mode switchback needs a load of at least ${formatRate(leastPerS)}, so that each block has ${BLOCK_CALLS} calls, found ${formatRate(slow)}`,
    { hint: 'Raise it in both arms with --set load.ratePerS=RATE, or use --mode pairs.' },
  );
}
