import type {
  BrokerContext,
  BrokerDefinition,
  BrokerPlan,
  BrokerSource,
  BrokerStartContext,
  StartedBroker,
} from '../../kernel/broker.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { assertLoopback } from '../../platform/net/loopback.ts';
import { redactUrl } from '../../kernel/redact.ts';
import { findCompose } from './compose.ts';
import { findKept, leaseKept } from './kept.ts';

const GIVEN_MS = 10_000;

export type AvailablePlan = Extract<BrokerPlan, { state: 'available' }>;
/** What a place has to offer, or what was found there instead. */
export type Look = (context: BrokerContext) => Promise<AvailablePlan | string>;

/** What differs between brokers; where they may come from is the same for all of them (DESIGN 6). */
export interface BrokerKind extends Pick<BrokerDefinition, 'name' | 'title' | 'schemes' | 'compose'> {
  readonly exampleUrl: string;
  /** What its user must be allowed to do, e.g. `to make, write to and remove queues named commbench-*`. */
  readonly needs: string;
  /** Programs of this machine: installed, in the cache, to be fetched. In the order in which they are tried. */
  readonly places: readonly Look[];
  /** The one command that would make it available. */
  cure(): string;
  /**
   * Connects, and changes nothing.
   * @returns its version, or words for not knowing it
   * @throws CommbenchError where the URL must not be used; anything else means that it is not reached
   */
  greet(url: string, context: BrokerContext): Promise<string>;
  /** Resolves once it took a real message. */
  prove(url: string, signal: AbortSignal): Promise<unknown>;
  warm(url: string, signal: AbortSignal): Promise<string>;
  startOwn(
    source: Exclude<BrokerSource, 'url' | 'kept'>,
    context: BrokerStartContext,
  ): Promise<StartedBroker>;
}

/** A broker that is taken from the first place that has it: given, kept, this machine's programs, compose. */
export function defineBroker(kind: BrokerKind): BrokerDefinition {
  const { name, title, schemes, compose } = kind;
  return {
    name,
    title,
    schemes,
    compose,
    find: (context) => find(kind, context),
    start: (plan, context) => start(kind, plan, context),
  };
}

async function find(kind: BrokerKind, context: BrokerContext): Promise<BrokerPlan> {
  if (context.url !== undefined) return given(kind, context.url, context);
  const looked: string[] = [];
  for (const look of [keptBy(kind), ...kind.places, composed]) {
    const found = await look(context);
    if (typeof found !== 'string') return found;
    looked.push(found);
  }
  return { state: 'unavailable', looked, cure: kind.cure() };
}

/** A URL is the user's word for this and no other broker: if it can't be reached, nothing else is looked for. */
async function given(kind: BrokerKind, url: string, context: BrokerContext): Promise<BrokerPlan> {
  checkScheme(kind, url);
  await assertLoopback(url, context.allowRemote ?? []);
  const shown = redactUrl(url);
  try {
    const version = await kind.greet(url, { ...context, signal: bounded(context.signal) });
    return { state: 'available', source: 'url', version, detail: shown };
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof CommbenchError) throw error;
    const looked = [`the URL given, ${shown}: ${(error as Error).message}`];
    return { state: 'unavailable', looked, cure: 'Start that broker, or leave the URL away.' };
  }
}

function checkScheme({ name, schemes, exampleUrl }: BrokerKind, url: string): void {
  const scheme = URL.canParse(url) ? new URL(url).protocol.slice(0, -1) : '';
  if (schemes.includes(scheme)) return;
  const wanted = schemes.map((known) => `${known}://...`).join(' or ');
  throw new CommbenchError('bad-option', `Expected a URL ${wanted}, found ${redactUrl(url)}`, {
    hint: `For example --broker ${name}=${exampleUrl}`,
  });
}

function keptBy({ name }: BrokerKind): Look {
  return async (context) => {
    const broker = await findKept(context.cacheFolder, name, context.signal);
    if (broker?.state !== 'up') return 'none kept by `commbench up`';
    const { version, url } = broker;
    const detail = `kept by \`commbench up\`, ${redactUrl(url)}`;
    return { state: 'available', source: 'kept', version, detail };
  };
}

const composed: Look = async ({ signal }) => {
  const compose = await findCompose(signal);
  if (compose.state === 'missing') return compose.found;
  const version = 'as in docker-compose.yml';
  return { state: 'available', source: 'compose', version, detail: compose.docker };
};

async function start(
  kind: BrokerKind,
  plan: BrokerPlan,
  context: BrokerStartContext,
): Promise<StartedBroker> {
  if (plan.state === 'unavailable') {
    const message = `${kind.title} is not available: ${plan.looked.join('; ')}`;
    throw new CommbenchError('no-broker', message, { hint: plan.cure });
  }
  if (plan.source === 'url') return useGiven(kind, plan.version, context);
  if (plan.source === 'kept') return useKept(kind, context);
  return kind.startOwn(plan.source, context);
}

/** Not ours: never killed, frozen or measured. */
async function useGiven(
  kind: BrokerKind,
  version: string,
  context: BrokerStartContext,
): Promise<StartedBroker> {
  const url = context.url!;
  try {
    await kind.prove(url, bounded(context.signal));
  } catch (error) {
    context.signal.throwIfAborted();
    const found = (error as Error).message;
    throw new CommbenchError(
      'broker-unreachable',
      `Expected ${redactUrl(url)} to confirm a message, found: ${found}`,
      { hint: `Its user must be allowed ${kind.needs}.` },
    );
  }
  return {
    name: kind.name,
    url,
    version,
    source: 'url',
    pids: [],
    lost: new Promise(() => undefined),
    warm: (signal) => kind.warm(url, signal),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Ours, but started earlier: it stays when the run ends. */
async function useKept(kind: BrokerKind, context: BrokerStartContext): Promise<StartedBroker> {
  const lease = await leaseKept(context.cacheFolder, kind.name, context.signal);
  if (!lease) {
    throw new CommbenchError(
      'no-broker',
      `Expected a ${kind.title} kept by \`commbench up\`, found it gone`,
      {
        hint: 'Run the command again: it then starts one of its own.',
      },
    );
  }
  using stack = new DisposableStack();
  stack.use(lease);
  const { url, version, pids } = lease.broker;
  await kind.prove(url, bounded(context.signal));
  const owned = stack.move();
  return {
    name: kind.name,
    url,
    version,
    source: 'kept',
    pids,
    lost: lease.lost,
    warm: (signal) => kind.warm(url, signal),
    [Symbol.asyncDispose]: async () => owned.dispose(),
  };
}

function bounded(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(GIVEN_MS)]);
}
