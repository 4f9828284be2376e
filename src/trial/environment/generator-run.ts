import { entryFile } from '../../platform/process/entry.ts';
import type { Program } from '../../kernel/program.ts';
import {
  type GeneratorMessage,
  type GeneratorOrder,
  type GeneratorPlan,
  generatorSettingsSchema,
} from '../../plan/generator-plan.ts';
import type { Shard } from '../../measure/schedule.ts';
import { allOf } from '../../kernel/wait.ts';
import { type Child, startChild } from '../../platform/process/child.ts';
import { asOne, type GeneratorMessages } from './generator-messages.ts';
import type { Testbed } from './testbed.ts';

/**
 * One generator process, or several that share its schedule, controlled as one. Every step is bounded. The death of any
 * process ends every wait, with its last output.
 */
export interface RunningGenerator extends AsyncDisposable {
  /** In the order of the shards. */
  readonly programs: readonly Program[];
  /**
   * Waits for the next message of this type from each process.
   * @throws CommbenchError child-failed when one dies, fails or is silent past the bound
   */
  next<T extends keyof GeneratorMessages>(type: T, boundMs: number): Promise<GeneratorMessages[T]>;
  order(order: GeneratorOrder): void;
}

type Settings = Omit<GeneratorPlan, 'version' | 'name' | 'mark' | 'socketPath' | 'shard'>;

/** Starts as many processes as the testbed has shards; they load their code in parallel. */
export async function startGenerator(
  testbed: Testbed,
  { name, ...settings }: Settings & { name: string },
  signal: AbortSignal,
): Promise<RunningGenerator> {
  await using stack = new AsyncDisposableStack();
  const entry = entryFile(import.meta.url, '../../generator/generator');
  const count = testbed.generators;
  const starts = Array.from({ length: count }, async (_, index) => {
    const own = { ...partOf(settings, { index, count }), ...placesOf(name, settings, { index, count }) };
    const { name: ownName, ...plan } = own;
    const checked = generatorSettingsSchema.parse(plan);
    return stack.use(
      await startChild(testbed, { name: ownName, entry, settings: checked, graceMs: 1000 }, signal),
    );
  });
  const children: Child[] = await allOf(starts);
  const owned = stack.move();
  return {
    programs: children.map(({ program }) => program),
    async next(type, boundMs) {
      const lines = await Promise.all(children.map((child) => child.next(type, boundMs)));
      return asOne(type, lines as unknown as Extract<GeneratorMessage, { type: typeof type }>[]);
    },
    order: (order) => {
      for (const { peer } of children) peer.send(order);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The shard's part of shared settings: the callers and calls of all shards add up to those of one generator. */
function partOf(settings: Settings, shard: Shard): Settings & Pick<GeneratorPlan, 'shard'> {
  const part = (whole: number) => Math.max(1, Math.ceil((whole - shard.index) / shard.count));
  const { warmUp, closedLoops } = settings;
  return {
    ...settings,
    shard,
    closedLoops: closedLoops.map(({ open, forMs }) => ({ open: part(open), forMs })),
    warmUp: warmUp && { ...warmUp, calls: part(warmUp.calls), concurrency: part(warmUp.concurrency) },
  };
}

function placesOf(name: string, { arrivalsPath }: Settings, { index, count }: Shard) {
  if (count === 1) return { name, arrivalsPath };
  return { name: `${name}-${index + 1}of${count}`, arrivalsPath: `${arrivalsPath}.${index}` };
}
