import type { StartedBroker } from '../../kernel/broker.ts';
import type { ComponentSource, StartContext } from '../../kernel/component.ts';
import { portAnswers } from '../../platform/net/ports.ts';
import { startProcess } from '../../platform/process/started-process.ts';
import {
  howItEnded,
  type Speaker,
  startUntilUseful,
  untilReady,
} from '../../platform/process/until-ready.ts';
import { brokerAt } from './broker-at.ts';
import type { BrokerClient, BrokerRecipe } from './recipe.ts';

/** On a busy machine a start takes six times as long as on a quiet one. */
const READY_MS = 90_000;

/**
 * Starts a broker of ours and waits until it took a real message. A fault may end it: it comes back on the same data
 * and ports.
 */
export async function startOwn<P extends { readonly version: string }, R>(
  recipe: BrokerRecipe<P, R>,
  source: ComponentSource,
  parts: { readonly programs: P; readonly runtime: R },
  context: StartContext,
): Promise<StartedBroker> {
  const { name, title, client } = recipe;
  const { version } = parts.programs;
  await using stack = new AsyncDisposableStack();
  context.progress(`${title} ${version}: starting`);
  const broker = await recipe.prepare(parts, context, stack);
  const { spec, url } = broker;
  const speaker = speakerOf(recipe);
  // Disposed in reverse: the broker first, then what runs beside it.
  const started = stack.use(
    await startProcess({
      name: spec.name,
      signal: context.signal,
      async begin(life, signal) {
        const program = await startUntilUseful(
          context.spawner,
          { ...spec, name: `${spec.name}-${life}` },
          {
            speaker,
            signal: AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]),
            useful: (s) => untilOfUse(client, url, s, life === 1),
          },
        );
        return { program, pids: broker.pidsOf?.(program) ?? [program.pid] };
      },
      pidsOf: ({ pids }) => pids,
      describeEnd: ({ program }, end) => howItEnded(speaker, program, end),
    }),
  );
  const owned = stack.move();
  return Object.assign(started, {
    ...brokerAt(name, url),
    version,
    source,
    warm: (signal: AbortSignal) => client.warm(url, signal),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}

/** Asks the port first: clients that fail cost the starting broker more than they tell. */
export async function untilOfUse(
  client: BrokerClient,
  url: string,
  signal: AbortSignal,
  isNew: boolean,
): Promise<void> {
  await portAnswers(Number(new URL(url).port), signal);
  await untilReady((s) => client.prove(url, s), signal);
  if (isNew) await client.prime?.(url, signal);
}

export function speakerOf(recipe: Pick<BrokerRecipe<never>, 'title' | 'lastOutput'>): Speaker {
  return { title: recipe.title, lastWords: (program) => recipe.lastOutput(program) };
}
