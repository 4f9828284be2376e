import { Command } from 'commander';
import { checkTargets } from '../../commands/options/check-targets.ts';
import { helpAfter, measuringExits } from '../../commands/options/help.ts';
import { loadAsked } from '../../commands/options/patterns.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { MAX_ARRIVALS } from '../../kernel/load-shape.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { conductDesign } from '../loop/conduct-design.ts';
import { addSweepOptions, type SweepArguments, ratesOf, USUAL_PERCENTILE } from './options.ts';
import { metBy, type SweptPattern, sweptPatterns } from './points.ts';
import type { Objective, Sweep, SweepDesign } from './record.ts';
import { sweepView } from './view.ts';

const EXAMPLES = [
  'commbench sweep pattern-comparison',
  'commbench sweep rest-vs-queue --set service.processingMs=20 --to 1k/s --objective "completion p99 < 200ms"',
  'commbench sweep circuit-breaker --variant breaker --vary policies.breaker.0.openMs=100..5000',
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
  if (asked.vary !== undefined) {
    refuseWithVary(asked);
    return (await import('../vary/command.ts')).vary(context, name, { ...asked, vary: asked.vary });
  }
  refuseWithoutVary(asked);
  const { set = [], patterns, target: targets = {} } = asked;
  const scenario = await loadAsked(name, set, { '--patterns': patterns });
  await checkTargets(scenario, patterns, targets);
  const design = {
    rates: [...ratesOf(asked)],
    rounds: asked.rounds,
    quantile: asked.percentile,
    objective: asked.objective ?? null,
  };
  await refuseUnfit(scenario, design);
  const record = await conductDesign(context, asked, {
    name: `sweep-${scenario.name}`,
    design: async (conditions) =>
      (await import('./design.ts')).sweepDesign({ ...conditions, scenario, patterns, targets, design }),
    show: (known, file, print) => print(sweepView(known, file)),
  });
  if (record) process.exitCode = exitCodeOfSweep(record);
}

/** @throws CommbenchError bad-option: options of a sweep over rates */
function refuseWithVary({ rates, from, to, percentile, objective }: SweepArguments): void {
  const chosen = percentile === USUAL_PERCENTILE ? undefined : percentile;
  const ofRates = {
    '--rates': rates,
    '--from': from,
    '--to': to,
    '--percentile': chosen,
    '--objective': objective,
  };
  const given = Object.entries(ofRates).find(([, value]) => value !== undefined);
  if (given) throw new CommbenchError('bad-option', `${given[0]} cannot be combined with --vary`);
}

/** @throws CommbenchError bad-option: options that only mean something with --vary */
function refuseWithoutVary({ variant, case: of, faults }: SweepArguments): void {
  const given = Object.entries({ '--variant': variant, '--case': of }).find(
    ([, value]) => value !== undefined,
  );
  const option = given?.[0] ?? (faults ? undefined : '--no-faults');
  if (option === undefined) return;
  throw new CommbenchError(
    'bad-option',
    `${option} needs --vary: a sweep of rates has no faults and variants`,
  );
}

/** Inconclusive: the question is answered for no pattern. */
export function exitCodeOfSweep(record: Sweep): number {
  if (record.state !== 'complete') return EXIT.incomplete;
  const isKnown = sweptPatterns(record).some((pattern) => isConclusive(pattern, record.design.objective));
  return isKnown ? EXIT.done : EXIT.inconclusive;
}

function isConclusive(pattern: SweptPattern, objective: Objective | null): boolean {
  if (!objective) return pattern.points.some(({ state }) => state !== 'unmeasured');
  const { metPerS, missedPerS } = metBy(pattern, objective);
  return metPerS !== null || missedPerS !== null;
}

/** @throws CommbenchError bad-option */
async function refuseUnfit(
  { services, name }: Scenario,
  { rates, rounds, quantile: drawn, objective }: SweepDesign,
): Promise<void> {
  if (services.length > 0) {
    throw new CommbenchError('bad-option', `sweep needs a scenario without services; ${name} has some`);
  }
  const { lengthMs } = await import('../search/rate-trial.ts');
  const most = rates.at(-1)!;
  const quantile = Math.max(drawn, objective?.quantile ?? 0);
  const arrivals = (most * lengthMs(most, rounds, { drawn, quantile })) / 1000;
  if (arrivals > MAX_ARRIVALS) {
    throw new CommbenchError(
      'bad-option',
      `A trial at ${most}/s needs ${Math.ceil(arrivals)} arrivals, more than ${MAX_ARRIVALS}`,
      { hint: 'Lower --to or --rates, or raise --rounds.' },
    );
  }
}
