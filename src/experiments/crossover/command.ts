import { isOneAnswer, isStream } from '../../contracts/interactions.ts';
import path from 'node:path';
import { Argument, Command } from 'commander';
import { givenUrls } from '../../components/broker/given-urls.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { firstRate } from '../../kernel/load-shape.ts';
import { isQuestionAnswered } from '../../report/searches/crossover-answer.ts';
import { type Crossover, QUESTIONS, type Question } from '../../record/crossover-record.ts';
import { prepareResultFile } from '../../record/store.ts';
import type { CrossoverOptions } from './crossover.ts';
import { loadScenario } from '../../scenario/load/load.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import { scenarioProblems } from '../../commands/checks/check-scenario.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { type CrossoverArguments, addCrossoverOptions, searchRangeOf } from './options.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { measureRecord } from '../../commands/terminal/measuring.ts';
import { openPrinter } from '../../commands/terminal/printer.ts';
import { newSeed } from '../../commands/options/new-seed.ts';
import { RESULTS_FOLDER } from '../../commands/options/result-files.ts';
import { checkPatterns } from '../../commands/options/patterns.ts';
import { timeStamp } from '../../commands/options/time-stamp.ts';

const EXAMPLES = [
  'commbench crossover payload --between rest,grpc',
  'commbench crossover rate --between rest,queue --to 2k/s --within 1.2',
  'commbench crossover outage --between rest,queue --do freeze --from 200ms --to 5s',
  'commbench crossover payload --between rest,stream --scenario payload-size --figure response',
  'commbench crossover payload --between rest,graphql --budget 10m --seed 7 --out crossover.json',
];

export function crossoverCommand(context: Context): Command {
  const command = new Command('crossover').addArgument(
    new Argument('<question>', 'what is varied').choices(QUESTIONS),
  );
  return addCrossoverOptions(command)
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits('inconclusive')))
    .action((question: Question, asked: CrossoverArguments) => crossover(context, question, asked));
}

async function crossover(context: Context, question: Question, asked: CrossoverArguments): Promise<void> {
  const loaded = await loadScenario(asked.scenario, asked.set ?? [], scenarioProblems);
  const options = await optionsOf(context, question, asked, loaded.scenario);
  const print = await openPrinter(context, asked);
  prepareResultFile(options.outPath);
  // Loaded here: everything before answers in an instant.
  const { runCrossover } = await import('./crossover.ts');
  const wanted = { quiet: asked.quiet ?? false, print, outPath: options.outPath };
  const record = await measureRecord<Crossover>(context, wanted, (measuring) =>
    runCrossover({ ...options, ...measuring }),
  );
  process.exitCode = record && isQuestionAnswered(record) ? EXIT.done : EXIT.inconclusive;
}

type Decided = Omit<CrossoverOptions, 'progress' | 'signal' | 'begun'>;

/** @throws CommbenchError bad-option */
async function optionsOf(
  context: Context,
  question: Question,
  asked: CrossoverArguments,
  scenario: Scenario,
): Promise<Decided> {
  const { between } = asked;
  checkPatterns(scenario, { '--between': between });
  refuseUnfit(question, asked, scenario);
  const names = (await brokerDefinitions()).map((broker) => broker.name);
  const { PAYLOAD_PER_S, RANGES } = await import('./crossover-plan.ts');
  const usual = question === 'payload' ? PAYLOAD_PER_S : firstRate(scenario.load);
  return {
    question,
    scenario,
    between,
    ...searchRangeOf(question, asked, RANGES[question]),
    ratePerS: question === 'rate' ? null : (asked.rate?.value ?? usual),
    figure: asked.figure,
    do: asked.do ?? 'kill',
    within: asked.within,
    budgetMs: asked.budget,
    seed: asked.seed ?? newSeed(),
    brokers: givenUrls(asked.broker ?? [], names, context.env),
    allowRemote: asked.allowRemote ?? [],
    outPath: asked.out ?? defaultOut(question, between),
  };
}

/** What was asked and would have no effect, or no sense. */
function refuseUnfit(
  question: Question,
  { rate, do: how, figure, between }: CrossoverArguments,
  scenario: Scenario,
): void {
  const rows = scenario.patterns.filter(({ id }) => between.includes(id));
  const refuse = (message: string) => {
    throw new CommbenchError('bad-option', message);
  };
  if (scenario.services.length > 0) {
    refuse(
      `--scenario: Expected one without services, whose rows are one service each, found ${scenario.name}`,
    );
  }
  if (question === 'rate' && rate) refuse('--rate: Expected none, as the rate is what is varied');
  if (question !== 'outage' && how) refuse('--do: Expected it with outage only');
  const isReply = rows.every(({ interaction }) => isOneAnswer(interaction));
  if (figure === 'response' && (question === 'outage' || !isReply)) {
    refuse(
      '--figure: Expected completion, as response is for payload or rate, and two rows of request-reply',
    );
  }
  const stream = rows.find(({ interaction }) => isStream(interaction));
  if (stream)
    refuse(`--between: Expected rows that answer or do one thing a call, found ${stream.id}, a stream`);
}

function defaultOut(question: Question, between: readonly string[]): string {
  return path.join(RESULTS_FOLDER, `crossover-${question}-${between.join('-')}-${timeStamp()}.json`);
}
