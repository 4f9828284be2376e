import type { Context } from '../../commands/terminal/context.ts';
import { withMeasuring } from '../../commands/terminal/measuring.ts';
import type { ExperimentRecord } from '../../record/record.ts';
import { prepareResultFile } from '../../record/store.ts';
import type { Design } from './design.ts';
import type { Conditions } from './run-design.ts';

/** A design, and what a command was asked about it. */
export interface Conducted<D, P extends object> {
  /** Made when signals are already heard: it may take a while. */
  readonly design: () => Promise<Design<D, P>>;
  readonly conditions: Conditions;
  readonly quiet?: true | undefined;
}

/**
 * Runs a design with signals and progress.
 * @param over given what is known, whatever ended it
 * @returns the record; undefined where nothing was begun
 */
export async function conductDesign<D, P extends object>(
  context: Context,
  { design, conditions, quiet }: Conducted<D, P>,
  over: (record: ExperimentRecord<D, P>) => void,
): Promise<ExperimentRecord<D, P> | undefined> {
  prepareResultFile(conditions.outPath);
  const known: ExperimentRecord<D, P>[] = [];
  const begun = (record: ExperimentRecord<D, P>) => void known.push(record);
  await withMeasuring(
    context,
    quiet ?? false,
    async (measuring) => {
      // Loaded here: everything before answers in an instant.
      const { runDesign } = await import('./run-design.ts');
      await runDesign(await design(), conditions, { ...measuring, begun });
    },
    () => known.forEach(over),
  );
  return known[0];
}
