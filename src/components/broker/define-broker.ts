import type { BrokerDefinition, StartedBroker } from '../../kernel/broker.ts';
import type { AvailablePlan, ComponentPlan, FindContext, StartContext } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { redactUrl } from '../../kernel/redact.ts';
import { assertLoopback } from '../../platform/net/loopback.ts';
import { packagesFolder, removeHint } from '../../platform/packages/fetch-once.ts';
import { changedFolders } from '../../platform/packages/install.ts';
import { brokerAt, startOwn } from './broker-process.ts';
import { findCompose } from './compose.ts';
import { startComposed } from './compose-run.ts';
import { findFetched, findInstalled, howToGet, obtain, type Offer } from './ingredients.ts';
import { describePersistent, leasePersistent } from './persistent.ts';
import type { BrokerRecipe } from './recipe.ts';

const GIVEN_MS = 10_000;

type Programs = { readonly version: string };
/** A recipe whatever its programs and runtime. */
type AnyRecipe = BrokerRecipe<never, never>;

/** A broker from the first source that has it: URL, persistent, installed, packages, compose. */
export function defineBroker<P extends Programs, R>(recipe: BrokerRecipe<P, R>): BrokerDefinition {
  const { name, title, schemes, compose } = recipe;
  return {
    name,
    title,
    kind: 'broker',
    life: 'run',
    schemes,
    compose,
    find: (context) => find(recipe, context),
    start: (plan, context) => start(recipe, plan, context),
  };
}

async function find<P extends Programs, R>(
  recipe: BrokerRecipe<P, R>,
  context: FindContext,
): Promise<ComponentPlan> {
  if (context.url !== undefined) return given(recipe, context.url, context);
  const sources: readonly (() => Promise<Offer>)[] = [
    () => findPersistent(recipe, context),
    () => findInstalled(recipe, context),
    () => findFetched(recipe, context),
    () => findComposed(context),
  ];
  const searched: string[] = [];
  for (const look of sources) {
    const found = await look();
    if (typeof found !== 'string') return found;
    if (!searched.includes(found)) searched.push(found);
  }
  return { state: 'unavailable', searched, hint: howToGet(recipe.install) };
}

/** A given URL excludes all other sources, even if it cannot be reached. */
async function given(
  recipe: Pick<AnyRecipe, 'name' | 'schemes' | 'exampleUrl' | 'client'>,
  url: string,
  context: FindContext,
): Promise<ComponentPlan> {
  checkScheme(recipe, url);
  await assertLoopback(url, context.allowRemote ?? []);
  const shown = redactUrl(url);
  try {
    const version = await recipe.client.greet(url, { ...context, signal: bounded(context.signal) });
    return { state: 'available', source: 'url', version, detail: shown };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof CommbenchError) throw error;
    const searched = [`the given URL ${shown}: ${(error as Error).message}`];
    return { state: 'unavailable', searched, hint: 'Start that broker, or omit the URL.' };
  }
}

function checkScheme(
  { name, schemes, exampleUrl }: Pick<AnyRecipe, 'name' | 'schemes' | 'exampleUrl'>,
  url: string,
): void {
  const scheme = URL.canParse(url) ? new URL(url).protocol.slice(0, -1) : '';
  if (schemes.includes(scheme)) {
    if (hasUser(exampleUrl) || !hasUser(url)) return;
    throw new CommbenchError(
      'bad-option',
      `${redactUrl(url)} has a user and password, which would not be sent`,
      {
        hint: 'Only a target of your own can log in: see `sasl` in docs/targets.md.',
      },
    );
  }
  const wanted = schemes.map((known) => `${known}://...`).join(' or ');
  throw new CommbenchError('bad-option', `Expected a URL ${wanted}, found ${redactUrl(url)}`, {
    hint: `For example --broker ${name}=${exampleUrl}`,
  });
}

function hasUser(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

async function findPersistent({ name }: Pick<AnyRecipe, 'name'>, context: FindContext): Promise<Offer> {
  const broker = await describePersistent(context.cacheFolder, name, context.signal);
  if (broker?.state !== 'up') return 'none started by `commbench up`';
  const { version, url } = broker;
  const detail = `started by \`commbench up\`, ${redactUrl(url)}`;
  return { state: 'available', source: 'persistent', version, detail };
}

async function findComposed({ signal }: FindContext): Promise<Offer> {
  const compose = await findCompose(signal);
  if (compose.state === 'missing') return compose.found;
  const version = 'as in docker-compose.yml';
  return { state: 'available', source: 'compose', version, detail: compose.docker };
}

async function start<P extends Programs, R>(
  recipe: BrokerRecipe<P, R>,
  plan: ComponentPlan,
  context: StartContext,
): Promise<StartedBroker> {
  if (plan.state === 'unavailable') {
    const message = `${recipe.title} is not available: ${plan.searched.join('; ')}`;
    throw new CommbenchError('no-broker', message, { hint: plan.hint });
  }
  switch (plan.source) {
    case 'url':
      return useGiven(recipe, plan, context);
    case 'persistent':
      return usePersistent(recipe, context);
    case 'compose':
      return startComposed(recipe, context);
    case 'installed':
      return startOwn(recipe, plan.source, await obtain(recipe, plan.source, context), context);
    case 'package-cache':
      return startCached(recipe, context);
    case 'built-in':
      throw new CommbenchError('defect', `Expected no broker in commbench, found ${recipe.title}`);
  }
}

/** Files that were changed in the cache look like a broker that is broken. */
async function startCached<P extends Programs, R>(
  recipe: BrokerRecipe<P, R>,
  context: StartContext,
): Promise<StartedBroker> {
  const source = 'package-cache';
  try {
    return await startOwn(recipe, source, await obtain(recipe, source, context), context);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof CommbenchError) || error.code !== 'no-broker')
      throw error;
    const changed = await changedFolders(packagesFolder(context.cacheFolder));
    if (changed.length === 0) throw error;
    const message = `${recipe.title} did not start, and its files in ${changed.join(', ')} were changed after they were fetched`;
    throw new CommbenchError('no-broker', message, { hint: removeHint(changed), cause: error });
  }
}

type Used = Pick<AnyRecipe, 'name' | 'title' | 'needs' | 'client'>;

/** Not ours: never killed, frozen or measured. */
async function useGiven(
  recipe: Used,
  { version }: AvailablePlan,
  context: StartContext,
): Promise<StartedBroker> {
  const url = context.url!;
  try {
    await recipe.client.prove(url, bounded(context.signal));
  } catch (error) {
    context.signal.throwIfAborted();
    const found = (error as Error).message;
    throw new CommbenchError('broker-unreachable', `${redactUrl(url)} did not confirm a message: ${found}`, {
      hint: `Its user must be allowed ${recipe.needs}.`,
    });
  }
  return {
    ...brokerAt(recipe, url),
    version,
    source: 'url',
    pids: [],
    lost: new Promise(() => undefined),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Ours, but started earlier: it outlives the run. */
async function usePersistent(recipe: Used, context: StartContext): Promise<StartedBroker> {
  const { name, title, client } = recipe;
  const lease = await leasePersistent(context.cacheFolder, name, context.signal);
  if (!lease) {
    throw new CommbenchError('no-broker', `The ${title} started by \`commbench up\` is gone`, {
      hint: 'Run the command again: it then starts one of its own.',
    });
  }
  using stack = new DisposableStack();
  stack.use(lease);
  const { url, version, pids } = lease.broker;
  await Promise.race([client.prove(url, bounded(context.signal)), lease.lost.then(refuse)]).catch((error) => {
    context.signal.throwIfAborted();
    throw new CommbenchError(
      'no-broker',
      `The ${title} started by \`commbench up\` takes no message: ${(error as Error).message}`,
      { hint: `End it with \`commbench down ${name}\`, and run the command again.`, cause: error },
    );
  });
  const owned = stack.move();
  return {
    ...brokerAt(recipe, url),
    version,
    source: 'persistent',
    pids,
    lost: lease.lost,
    [Symbol.asyncDispose]: async () => owned.dispose(),
  };
}

function refuse(words: string): never {
  throw new Error(words);
}

function bounded(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(GIVEN_MS)]);
}
