import { statSync } from 'node:fs';
import { givenUrls } from '../../components/broker/given-urls.ts';
import { EXIT } from '../../kernel/errors.ts';
import { redactUrl } from '../../kernel/redact.ts';
import type { Result } from '../../record/record.ts';
import { prepareResultFile } from '../../record/store.ts';
import { evaluateThresholds } from '../../analysis/thresholds/evaluate.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { brokerDefinitions } from '../../components/broker/broker-definitions.ts';
import { checkTargets } from '../../commands/checks/check-targets.ts';
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
export async function conduct(context: Context, request: Conduct): Promise<void> {
  const brokers = givenUrls(
    request.broker,
    (await brokerDefinitions()).map((broker) => broker.name),
    context.env,
  );
  await checkTargets(request.scenario, request.patterns, request.targets);
  const print = await openPrinter(context, request);
  prepareResultFile(request.outPath);
  const before = stampOf(request.outPath);
  // Loaded here: everything before answers in an instant.
  const { runExperiment } = await import('./experiment.ts');
  // An earlier run's file, not replaced yet, holds nothing of this one.
  let isWhole = false;
  const announce = () => {
    if (!isWhole && stampOf(request.outPath) !== before) announcePersistent(context, request.outPath);
  };
  const run = async (measuring: Measuring) => {
    const result = await runExperiment({
      scenario: request.scenario,
      seed: request.seed,
      outPath: request.outPath,
      brokers,
      skipBrokers: request.skipBrokers,
      patterns: request.patterns,
      variants: request.variants,
      generators: request.generators,
      preview: !request.quiet,
      targets: request.targets,
      allowRemote: request.allowRemote,
      options: recorded(request, brokers),
      ...measuring,
    });
    isWhole = true;
    return result;
  };
  const result = await withMeasuring(context, request.quiet, run, announce);
  // Apart from the progress above it, where both go to one terminal.
  if (!request.quiet && context.stderr.isTTY) context.stderr.write('\n');
  print(viewOf(result, request.outPath));
  process.exitCode = exitCodeOfRun(result, request.strict);
}

/** What the user asked for, without credentials. */
function recorded(request: Conduct, brokers: Readonly<Record<string, string>>): Record<string, unknown> {
  const redacted = (urls: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, redactUrl(url)]));
  return {
    patterns: request.patterns ?? null,
    variants: request.variants ?? null,
    generators: request.generators,
    targets: redacted(request.targets),
    brokers: redacted(brokers),
    skipBrokers: request.skipBrokers,
    allowRemote: request.allowRemote,
    strict: request.strict,
  };
}

function announcePersistent({ stderr }: Context, file: string): void {
  stderr.write(`The trials that were finished are in ${file}; \`commbench report ${file}\` shows them.\n`);
}

/** Another one after each time that the file was replaced. */
function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return `${stat?.ino} ${stat?.mtimeNs}`;
}

export function exitCodeOfRun(result: Result, strict: boolean): number {
  if (result.state !== 'complete') return EXIT.incomplete;
  // Floors stand beside the results, and bytes are no matter of time.
  const thresholds = result.trials.filter(
    ({ state, kind }) => state === 'done' && kind !== 'noop' && kind !== 'wire-bytes',
  );
  const valid = thresholds.every((trial) => trial.validity.verdict === 'valid');
  if (strict && !valid) return EXIT.notValid;
  const states = evaluateThresholds(result).map(({ state }) => state);
  if (states.includes('missed')) return EXIT.thresholdMissed;
  // One that is never told would pass for ever.
  return strict && states.includes('unknown') ? EXIT.notValid : EXIT.done;
}
