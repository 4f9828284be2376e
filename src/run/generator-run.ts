import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { entryFile } from '../kernel/entry.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { Program } from '../kernel/program.ts';
import type { GeneratorLine, GeneratorOrder, GeneratorPlan } from '../load/plan.ts';
import type { Rig } from './rig.ts';
import { childFailed } from './service-run.ts';

type LineOf<T extends GeneratorLine['type']> = Extract<GeneratorLine, { type: T }>;

/** The generator's process, asked step by step. Every step is bounded; its death ends every wait. */
export interface RunningGenerator extends AsyncDisposable {
  readonly program: Program;
  /** Waits for its next line of this type. @throws CommbenchError child-failed when it dies, fails or is silent past the bound */
  next<T extends GeneratorLine['type']>(type: T, boundMs: number): Promise<LineOf<T>>;
  order(order: GeneratorOrder): void;
}

type Settings = Omit<GeneratorPlan, 'version' | 'mark' | 'socketPath'>;

export async function startGenerator(
  rig: Rig,
  settings: Settings,
  signal: AbortSignal,
): Promise<RunningGenerator> {
  const plan: GeneratorPlan = { version: 1, mark: rig.mark, socketPath: rig.hub.path, ...settings };
  const planPath = path.join(rig.folder, `${plan.name}.json`);
  writeFileSync(planPath, JSON.stringify(plan));
  const expected = rig.hub.expect(plan.name, AbortSignal.any([signal, AbortSignal.timeout(30_000)]));
  expected.catch(() => undefined);
  const program = await rig.spawner.spawn({
    name: plan.name,
    file: process.execPath,
    args: [entryFile(import.meta.url, '../load/generator'), planPath],
    outputPath: path.join(rig.folder, `${plan.name}.log`),
    graceMs: 1000,
  });
  let over = false;
  const died = program.ended.then((end): never => {
    throw childFailed(`the generator ended early (${end.signal ?? `code ${end.code}`})`, program);
  });
  died.catch(() => undefined);
  const peer = await Promise.race([expected, died]).catch(async (error: unknown) => {
    await program.stop();
    throw error;
  });
  return {
    program,
    async next(type, boundMs) {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(boundMs)]);
      try {
        const line = await Promise.race([peer.next(type, bounded), ...(over ? [] : [died])]);
        if (type === 'done') over = true;
        return line as unknown as LineOf<typeof type>;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (error instanceof CommbenchError) throw error;
        throw childFailed(
          `the generator did not reach "${type}" within ${Math.round(boundMs / 1000)} s`,
          program,
          error,
        );
      }
    },
    order: (order) => peer.send(order),
    async [Symbol.asyncDispose]() {
      await program.stop();
    },
  };
}
