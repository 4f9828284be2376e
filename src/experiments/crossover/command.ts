import { isOneAnswer, isStream } from '../../contracts/interactions.ts';
import { Argument, Command } from 'commander';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { loadAsked } from '../../commands/options/patterns.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { firstRate } from '../../kernel/load-shape.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { conductDesign } from '../loop/conduct-design.ts';
import { isQuestionAnswered } from './answer.ts';
import { crossoverOf } from './found.ts';
import { type CrossoverArguments, addCrossoverOptions, PAYLOAD_PER_S, searchRangeOf } from './options.ts';
import { type CrossoverDesign, QUESTIONS, type Question } from './record.ts';
import { POINT_RULES } from './sample.ts';
import { crossoverKind } from './view.ts';

const EXAMPLES = [
  'commbench crossover payload --between rest,grpc',
  'commbench crossover rate --between rest,queue --to 2k/s --within 1.2',
  'commbench crossover outage --between rest,queue --do freeze --from 200ms --to 5s',
  'commbench crossover payload --between rest,stream --scenario payload-size --figure response',
  'commbench crossover payload --between rest,graphql --budget 10m --seed 7 --out crossover.json',
];

export function crossoverCommand(context: Context): Command {
  const command = new Command('crossover').addArgument(
    new Argument('<question>', 'the variable that is searched').choices(QUESTIONS),
  );
  return addCrossoverOptions(command)
    .addHelpText('after', helpAfter(EXAMPLES, measuringExits('inconclusive')))
    .action((question: Question, asked: CrossoverArguments) => crossover(context, question, asked));
}

async function crossover(context: Context, question: Question, asked: CrossoverArguments): Promise<void> {
  const { between } = asked;
  const scenario = await loadAsked(asked.scenario, asked.set ?? [], { '--between': between });
  refuseUnfit(question, asked, scenario);
  const design = designOf(question, asked, scenario);
  const isOpenEnded = asked.to === undefined;
  const options = { ...asked, patterns: between };
  const record = await conductDesign(context, options, {
    name: `crossover-${question}-${between.join('-')}`,
    design: async ({ seed }) =>
      (await import('./design.ts')).crossoverDesign({ between, scenario, seed, design, isOpenEnded }),
    show: (known, file, print) => print(crossoverKind.view(known, file)),
  });
  process.exitCode = record && isQuestionAnswered(crossoverOf(record)) ? EXIT.done : EXIT.inconclusive;
}

/** @throws CommbenchError bad-option */
function designOf(question: Question, asked: CrossoverArguments, { load }: Scenario): CrossoverDesign {
  const { looks, ...rule } = POINT_RULES[question];
  const { from, to } = searchRangeOf(question, asked);
  const usual = question === 'payload' ? PAYLOAD_PER_S : firstRate(load);
  return {
    question,
    range: { from, to, within: asked.within },
    figure: asked.figure,
    do: question === 'outage' ? (asked.do ?? 'kill') : null,
    ratePerS: question === 'rate' ? null : (asked.rate?.value ?? usual),
    budgetMs: asked.budget,
    rule: { looks: [...looks], ...rule },
  };
}

/** Refuses options that would have no effect, or make no sense. */
function refuseUnfit(
  question: Question,
  { rate, do: how, figure, between }: CrossoverArguments,
  scenario: Scenario,
): void {
  const patterns = scenario.patterns.filter(({ id }) => between.includes(id));
  const refuse = (message: string) => {
    throw new CommbenchError('bad-option', message);
  };
  if (scenario.services.length > 0) {
    refuse(`--scenario: crossover needs a scenario without services; ${scenario.name} has some`);
  }
  if (question === 'rate' && rate) refuse('--rate cannot be set: the rate is the variable being searched');
  if (question !== 'outage' && how) refuse('--do is only valid with crossover outage');
  const isReply = patterns.every(({ interaction }) => isOneAnswer(interaction));
  if (figure === 'response' && (question === 'outage' || !isReply)) {
    refuse('--figure response is only valid with payload or rate, and two request-reply patterns');
  }
  const stream = patterns.find(({ interaction }) => isStream(interaction));
  if (stream) refuse(`--between: streams cannot be compared, and ${stream.id} is one`);
}
