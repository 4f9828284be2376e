import type { StartedBroker } from '../../kernel/broker.ts';
import type { ComponentSource, StartContext } from '../../kernel/component.ts';
import { portAnswers } from '../../platform/net/ports.ts';
import { startProcess } from '../../platform/process/started-process.ts';
import {
  howItEnded,
  type ProgramLabel,
  startUntilUseful,
  untilReady,
} from '../../platform/process/until-ready.ts';
import type { BrokerClient, BrokerRecipe, PreparedBroker } from './recipe.ts';

type Described = Pick<BrokerRecipe<never>, 'title' | 'client' | 'lastOutput'>;

/** Starts a broker's program and waits, at every start, until it accepted a real message. */
export function startBrokerProcess(
  recipe: Described,
  broker: PreparedBroker & { readonly readyMs: number },
  { spawner, signal: run }: Pick<StartContext, 'spawner' | 'signal'>,
) {
  const { spec, url, readyMs } = broker;
  const label: ProgramLabel = {
    title: recipe.title,
    lastOutputOf: (program) => recipe.lastOutput(program),
  };
  return startProcess({
    name: spec.name,
    signal: run,
    async begin(life, signal) {
      const own = { ...spec, name: `${spec.name}-${life}` };
      const program = await startUntilUseful(spawner, own, {
        label,
        signal: AbortSignal.any([signal, AbortSignal.timeout(readyMs)]),
        useful: (s) => untilOfUse(recipe.client, url, s, life === 1),
      });
      return { program, pids: broker.pidsOf?.(program) ?? [program.pid] };
    },
    pidsOf: ({ pids }) => pids,
    describeEnd: ({ program }, end) => howItEnded(label, program, end),
  });
}

/** Probes the port first: failing clients would slow down the starting broker. */
async function untilOfUse(
  client: BrokerClient,
  url: string,
  signal: AbortSignal,
  isNew: boolean,
): Promise<void> {
  await portAnswers(Number(new URL(url).port), signal);
  await untilReady((s) => client.prove(url, s), signal);
  if (isNew) await client.prime?.(url, signal);
}

/** Properties of a running broker that all kinds share. */
export function brokerAt({ name, client }: Pick<BrokerRecipe<never>, 'name' | 'client'>, url: string) {
  return {
    name,
    kind: 'broker',
    url,
    endpoints: [{ url }],
    warm(this: { readonly pids: readonly number[] }, signal: AbortSignal) {
      return client.warm(url, signal, this.pids);
    },
  } as const;
}

/** Long, as a start on a busy machine takes six times as long as on a quiet one. */
const READY_MS = 90_000;

/** Starts a broker of ours. After a fault it restarts with the same data and ports. */
export async function startOwn<P extends { readonly version: string }, R>(
  recipe: BrokerRecipe<P, R>,
  source: ComponentSource,
  parts: { readonly programs: P; readonly runtime: R },
  context: StartContext,
): Promise<StartedBroker> {
  const { version } = parts.programs;
  await using stack = new AsyncDisposableStack();
  const prepared = await recipe.prepare(parts, context, stack);
  context.progress(`${recipe.title} ${version}: starting`);
  // Disposed in reverse: the broker first, then its auxiliary programs.
  const started = stack.use(await startBrokerProcess(recipe, { ...prepared, readyMs: READY_MS }, context));
  const owned = stack.move();
  return Object.assign(started, {
    ...brokerAt(recipe, prepared.url),
    version,
    source,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}
