import { kindByName } from '../../plan/kinds/kinds.ts';
import type { Command } from 'commander';
import { evaluateThresholds } from '../../analysis/thresholds/evaluate.ts';
import { checkTargets } from '../../commands/options/check-targets.ts';
import { measuringExits } from '../../commands/options/help.ts';
import { addOptions } from '../../commands/options/options.ts';
import type { Context } from '../../commands/terminal/context.ts';
import type { Printer } from '../../commands/terminal/printer.ts';
import { EXIT } from '../../kernel/errors.ts';
import type { Result } from '../../record/record.ts';
import { viewOf } from '../../report/view-of.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { conductDesign, type MeasuringOptions } from '../loop/conduct-design.ts';

/** Options that `run` and `replay` have in common. */
export interface ConductOptions extends MeasuringOptions {
  readonly strict?: true;
}

export function addConductOptions(command: Command): Command {
  const shown = ['format', 'full', 'explain', 'strict', 'skipBrokers', 'quiet'] as const;
  return addOptions(command, 'generators', 'out', ...shown, 'broker', 'target', 'allowRemote');
}

/** How a command that runs a scenario may end. */
export const EXPERIMENT_EXITS = measuringExits('notValid', 'thresholdMissed');

/** What is run, where `run` and `replay` differ. */
export interface RunWish {
  /** Of the result file, without its time. */
  readonly name: string;
  readonly scenario: Scenario;
  readonly variants: readonly string[] | undefined;
}

/** Runs a scenario, prints its report, decides the exit code. */
export async function conduct(context: Context, wish: RunWish, options: ConductOptions): Promise<void> {
  const { name, scenario, variants } = wish;
  const { patterns, target: targets = {}, quiet, strict = false } = options;
  await checkTargets(scenario, patterns, targets);
  const preview = !quiet;
  const result = await conductDesign(context, options, {
    name,
    options: { variants: variants ?? null, strict },
    design: async (conditions) =>
      (await import('./design.ts')).runDesignOf({
        ...conditions,
        scenario,
        patterns,
        variants,
        targets,
        preview,
      }),
    show: (record, file, print) => printEnd(context, record, { file, print, quiet }),
  });
  process.exitCode = exitCodeOfRun(result!, strict);
}

interface PrintedEnd {
  readonly file: string;
  readonly print: Printer;
  readonly quiet: true | undefined;
}

/** The report; of a run that ended early, of the trials that were finished. */
function printEnd({ stderr }: Context, result: Result, { file, print, quiet }: PrintedEnd): void {
  if (result.finishedAt === null) return;
  // Apart from the progress above it, where both go to one terminal.
  if (!quiet && stderr.isTTY) stderr.write('\n');
  print(viewOf(result, file));
}

export function exitCodeOfRun(result: Result, strict: boolean): number {
  if (result.state !== 'complete') return EXIT.incomplete;
  // Floors stand beside the results, and bytes are no matter of time.
  const timed = result.trials.filter(({ state, kind }) => state === 'done' && kindByName(kind).isTimed);
  const valid = timed.every((trial) => trial.validity.verdict === 'valid');
  if (strict && !valid) return EXIT.notValid;
  const states = evaluateThresholds(result).map(({ state }) => state);
  if (states.includes('missed')) return EXIT.thresholdMissed;
  // One that is never told would pass for ever.
  return strict && states.includes('unknown') ? EXIT.notValid : EXIT.done;
}
