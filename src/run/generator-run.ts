import { entryFile } from '../kernel/entry.ts';
import type { Program } from '../kernel/program.ts';
import type { GeneratorLine, GeneratorOrder, GeneratorPlan } from '../load/plan.ts';
import { startChild } from './child.ts';
import type { Rig } from './rig.ts';

type LineOf<T extends GeneratorLine['type']> = Extract<GeneratorLine, { type: T }>;

/** The generator's process, asked step by step. Every step is bounded; its death ends every wait. */
export interface RunningGenerator extends AsyncDisposable {
  readonly program: Program;
  /** Waits for its next line of this type. @throws CommbenchError child-failed when it dies, fails or is silent past the bound */
  next<T extends GeneratorLine['type']>(type: T, boundMs: number): Promise<LineOf<T>>;
  order(order: GeneratorOrder): void;
}

type Settings = Omit<GeneratorPlan, 'version' | 'name' | 'mark' | 'socketPath'>;

export async function startGenerator(
  rig: Rig,
  { name, ...settings }: Settings & { name: string },
  signal: AbortSignal,
): Promise<RunningGenerator> {
  const entry = entryFile(import.meta.url, '../load/generator');
  const child = await startChild(rig, { name, entry, settings, graceMs: 1000 }, signal);
  return {
    program: child.program,
    next: async (type, boundMs) => (await child.next(type, boundMs)) as unknown as LineOf<typeof type>,
    order: (order) => child.peer.send(order),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
