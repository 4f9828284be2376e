import type { StartedBroker } from '../../kernel/broker.ts';
import type { ComponentSource, StartContext } from '../../kernel/component.ts';
import { brokerAt, startBrokerProcess } from './broker-process.ts';
import type { BrokerRecipe } from './recipe.ts';

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
