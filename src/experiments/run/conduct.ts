import { kindByName } from '../../plan/kinds/kinds.ts';
import type { Command } from 'commander';
import { evaluateThresholds } from '../../analysis/thresholds/evaluate.ts';
import { checkTargets } from '../../commands/options/check-targets.ts';
import { measuringExits } from '../../commands/options/help.ts';
import { addOptions } from '../../commands/options/options.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { EXIT } from '../../kernel/errors.ts';
import type { Result } from '../../record/record.ts';
import { viewOf } from '../../report/view-of.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { conductDesign, type MeasuringOptions } from '../loop/conduct-design.ts';

/** Options that `run` and `replay` have in common. */
export interface ConductOptions extends MeasuringOptions {
  readonly strict?: true;
  readonly allowUnjudged?: true;
}

export function addConductOptions(command: Command): Command {
  const shown = [
    'format',
    'report',
    'full',
    'explain',
    'strict',
    'allowUnjudged',
    'waitQuiet',
    'maxTime',
    'skipBrokers',
    'quiet',
  ] as const;
  const system = ['broker', 'target', 'storeValues', 'allowRemote'] as const;
  return addOptions(command, 'generators', 'out', ...shown, 'traceOut', 'traceSample', ...system);
}

/** Exits of commands that run a scenario. */
export const EXPERIMENT_EXITS = measuringExits('notValid', 'thresholdMissed');

/** The part in which `run` and `replay` differ. */
export interface RunWish {
  /** Name of the result file, without its time. */
  readonly name: string;
  /** Default: that of results. */
  readonly folder?: string;
  readonly scenario: Scenario;
  readonly variants: readonly string[] | undefined;
}

/** Runs a scenario, prints its report, decides the exit code. */
export async function conduct(context: Context, wish: RunWish, options: ConductOptions): Promise<void> {
  const { name, folder, scenario, variants } = wish;
  const { patterns, target: targets = {}, quiet, strict = false, allowUnjudged = false } = options;
  await checkTargets(scenario, patterns, targets);
  const preview = !quiet;
  const result = await conductDesign(context, options, {
    name,
    folder,
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
    /** The report; of a run that ended early, of the trials that were finished. */
    show(record, file, print) {
      if (record.finishedAt === null) return;
      // Apart from the progress above it, where both go to one terminal.
      if (!quiet && context.stderr.isTTY) context.stderr.write('\n');
      print(viewOf(record, file));
    },
  });
  process.exitCode = exitCodeOfRun(result!, { strict, allowUnjudged });
}

interface Strictness {
  /** Every timed trial must be valid. */
  readonly strict?: boolean;
  /** A threshold that could not be evaluated is no reason to fail. */
  readonly allowUnjudged?: boolean;
}

export function exitCodeOfRun(
  result: Result,
  { strict = false, allowUnjudged = false }: Strictness = {},
): number {
  if (result.state !== 'complete') return EXIT.incomplete;
  // No-op baselines only stand beside the results, and byte counts do not depend on time.
  const timed = result.trials.filter(({ state, kind }) => state === 'done' && kindByName(kind).isTimed);
  const valid = timed.every((trial) => trial.validity.verdict === 'valid');
  if (strict && !valid) return EXIT.notValid;
  const states = evaluateThresholds(result).map(({ state }) => state);
  if (states.includes('missed')) return EXIT.thresholdMissed;
  // A threshold that is never evaluated would pass for ever.
  return !allowUnjudged && states.includes('unknown') ? EXIT.notValid : EXIT.done;
}
