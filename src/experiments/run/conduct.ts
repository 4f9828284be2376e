import { kindByName } from '../../plan/kinds/kinds.ts';
import { statSync } from 'node:fs';
import { givenUrls } from '../../components/broker/given-urls.ts';
import { EXIT } from '../../kernel/errors.ts';
import { redactUrl } from '../../kernel/redact.ts';
import type { Result } from '../../record/record.ts';
import { prepareResultFile } from '../../record/store.ts';
import { judgedThresholds } from '../../analysis/thresholds/judge.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { brokerNames } from '../../components/broker/broker-definitions.ts';
import { checkTargets } from '../../commands/options/check-targets.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { type Measuring, withMeasuring } from '../../commands/terminal/measuring.ts';
import { openPrinter, type Shown } from '../../commands/terminal/printer.ts';
import { viewOf } from '../../report/view-of.ts';

export interface Conduct extends Shown {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly patterns?: readonly string[] | undefined;
  readonly variants?: readonly string[] | undefined;
  readonly generators: number;
  readonly targets: Readonly<Record<string, string>>;
  readonly broker: readonly string[];
  readonly outPath: string;
  readonly strict: boolean;
  readonly skipBrokers: boolean;
  readonly quiet: boolean;
  readonly allowRemote: readonly string[];
}

/** What `run` and `replay` have in common: run the experiment, print its report, decide the exit code. */
export async function conduct(context: Context, wish: Conduct): Promise<void> {
  const brokers = givenUrls(wish.broker, brokerNames(), context.env);
  await checkTargets(wish.scenario, wish.patterns, wish.targets);
  const print = await openPrinter(context, wish);
  prepareResultFile(wish.outPath);
  const before = stampOf(wish.outPath);
  // Loaded here: everything before answers in an instant.
  const { runExperiment } = await import('./experiment.ts');
  // An earlier run's file, not replaced yet, holds nothing of this one.
  let isWhole = false;
  const told = () => {
    if (!isWhole && stampOf(wish.outPath) !== before) tellWhatIsKept(context, wish.outPath);
  };
  const run = async (measuring: Measuring) => {
    const result = await runExperiment({
      scenario: wish.scenario,
      seed: wish.seed,
      outPath: wish.outPath,
      brokers,
      skipBrokers: wish.skipBrokers,
      patterns: wish.patterns,
      variants: wish.variants,
      generators: wish.generators,
      preview: !wish.quiet,
      targets: wish.targets,
      allowRemote: wish.allowRemote,
      options: recorded(wish, brokers),
      ...measuring,
    });
    isWhole = true;
    return result;
  };
  const result = await withMeasuring(context, wish.quiet, run, told);
  // Apart from the progress above it, where both go to one terminal.
  if (!wish.quiet && context.stderr.isTTY) context.stderr.write('\n');
  print(viewOf(result, wish.outPath));
  process.exitCode = exitCodeOf(result, wish.strict);
}

/** What the user asked for, without credentials. */
function recorded(wish: Conduct, brokers: Readonly<Record<string, string>>): Record<string, unknown> {
  const redacted = (urls: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, redactUrl(url)]));
  return {
    patterns: wish.patterns ?? null,
    variants: wish.variants ?? null,
    generators: wish.generators,
    targets: redacted(wish.targets),
    brokers: redacted(brokers),
    skipBrokers: wish.skipBrokers,
    allowRemote: wish.allowRemote,
    strict: wish.strict,
  };
}

function tellWhatIsKept({ stderr }: Context, file: string): void {
  stderr.write(`The trials that were finished are in ${file}; \`commbench report ${file}\` shows them.\n`);
}

/** Another one after each time that the file was replaced. */
function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return `${stat?.ino} ${stat?.mtimeNs}`;
}

export function exitCodeOf(result: Result, strict: boolean): number {
  if (result.state !== 'complete') return EXIT.incomplete;
  // Floors stand beside the results, and bytes are no matter of time.
  const judged = result.trials.filter(({ state, kind }) => state === 'done' && kindByName(kind).isTimed);
  const valid = judged.every((trial) => trial.measurement.verdict === 'valid');
  if (strict && !valid) return EXIT.notValid;
  const states = judgedThresholds(result).map(({ state }) => state);
  if (states.includes('missed')) return EXIT.thresholdMissed;
  // One that is never told would pass for ever.
  return strict && states.includes('unknown') ? EXIT.notValid : EXIT.done;
}
