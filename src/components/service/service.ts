import { isStream } from '../../contracts/interactions.ts';
import { contractByName, contractVersionByName } from '../../contracts/contracts.ts';
import { CommbenchError, EXIT } from '../../kernel/errors.ts';
import { connectHub, type HubLink } from '../../platform/ipc/hub-client.ts';
import type { Implementation } from '../../kernel/contract.ts';
import type { Server } from '../../kernel/transport.ts';
import { type EffectWriter, openEffectWriter } from '../../measure/logs/effect-log.ts';
import { openWireCount } from '../../measure/logs/wire-count.ts';
import { loadTransportParts } from '../../transports/discover.ts';
import type {
  HopConfig,
  ListenConfig,
  ServiceConfig,
  ServiceMessage,
  ServiceOrder,
} from '../../plan/service-config.ts';
import { readPlanFile } from '../../plan/plan-file.ts';
import { createHandler, type HandlerParts } from './handler.ts';
import { createProcessing, type Processing } from './processing.ts';
import type { Hop } from './hop.ts';
import { seedDefects, seedDelay } from './seeded-defects.ts';
import { createConcurrencyLimiter } from './concurrency-limiter.ts';
import { createStreamHandler } from './stream-handler.ts';

/**
 * The service process: `node service.ts CONFIG`. It serves one contract, over one transport or more. It ends when its
 * hub closes, on SIGTERM (code 0), or when it cannot serve (code 1, with its last output).
 */

/** Bound on an orderly end, which the stopping process waits for. */
const END_MS = 900;

type Hub = HubLink<ServiceMessage, ServiceOrder>;

async function main(configPath: string | undefined): Promise<void> {
  if (configPath === undefined) throw new CommbenchError('bad-option', 'Expected the path of a config file');
  const config = readPlanFile(configPath) as ServiceConfig;
  const hub: Hub = await connectHub<ServiceMessage, ServiceOrder>(config.socketPath);
  hub.send({ type: 'hello', name: config.name, mark: config.mark, pid: process.pid });
  process.on('uncaughtException', (error) => fail(error, hub));
  process.on('unhandledRejection', (error) => fail(error, hub));
  try {
    await run(config, hub);
  } catch (error) {
    fail(error, hub);
  }
}

async function run(config: ServiceConfig, hub: Hub): Promise<void> {
  if (config.countBytes) {
    const count = openWireCount();
    void hub.answer('count', () => ({ type: 'counted', ...count.total() }));
  }
  const service = await open(config);
  const { hop } = service;
  if (hop) {
    void hub.answer('expect', ({ loadStartNs }) => {
      hop.expect(loadStartNs);
      return { type: 'expecting' };
    });
    void hub.answer('follow', (timeline) => {
      hop.follow(timeline);
      return { type: 'expecting' };
    });
  }
  process.once('SIGTERM', () => void end(service));
  for (const { lost } of service.servers) {
    void lost?.then((reason) => fail(new CommbenchError('broker-unreachable', reason), hub));
  }
  const [address, ...listens] = service.servers.map((server) => server.address);
  hub.send({ type: 'ready', address: address!, ...(config.hop ? { listens } : {}) });
}

function openEffects(config: ServiceConfig): EffectWriter {
  const effects = openEffectWriter(config.effectLogPath, config.subscriber);
  const seededDefects = seededDefectsOf(config);
  return seededDefects ? seedDefects(effects, seededDefects) : effects;
}

function openProcessing(config: ServiceConfig): Processing | undefined {
  const hold = createProcessing(config.processingMs);
  const seeded = seededDefectsOf(config)?.hold;
  return seeded ? seedDelay(hold, seeded) : hold;
}

function seededDefectsOf({ seededDefects, subscriber }: ServiceConfig): ServiceConfig['seededDefects'] {
  return seededDefects?.subscriber === subscriber ? seededDefects : null;
}

/** Resources to end, in the order of their ending. */
interface Running extends AsyncDisposable {
  /** One for each listener of the service. */
  readonly servers: readonly Server[];
  readonly hop: Hop | undefined;
}

/** Opens connections to called services first, so that a service that can be called can call. */
async function open(config: ServiceConfig): Promise<Running> {
  await using stack = new AsyncDisposableStack();
  const effects = stack.use(openEffects(config));
  const hop = config.hop ? stack.use(await hopOf(config.hop)) : undefined;
  const parts = {
    limiter: createConcurrencyLimiter(config.concurrency, config.queue),
    process: openProcessing(config),
    perform: implement(config),
    effects,
    hop,
  };
  const servers: Server[] = [];
  for (const listener of [config, ...(config.hop?.listens ?? [])]) {
    servers.push(await serve(listener, config, parts));
  }
  const owned = stack.move();
  return {
    servers,
    hop,
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
      await owned.disposeAsync();
    },
  };
}

function implement({ contract: name, contractVersion }: ServiceConfig): Implementation {
  const contract = contractByName(name);
  return (
    contractVersion === undefined ? contract : contractVersionByName(contract, contractVersion)
  ).implement();
}

/** Loaded within a topology alone: policies and faults bring libraries of their own. */
async function hopOf(config: HopConfig): Promise<Hop & AsyncDisposable> {
  const { openHop } = await import('./hop-process.ts');
  return openHop(config);
}

async function serve(
  { transport, interaction, options, isBrokers, address }: ListenConfig,
  config: ServiceConfig,
  common: Omit<HandlerParts, 'interaction'>,
): Promise<Server> {
  const listen = await (await loadTransportParts(transport)).serve();
  const parts = { ...common, interaction, isBrokers };
  return listen(createHandler(parts), {
    options,
    interaction,
    concurrency: config.concurrency,
    // The services of a topology share one effect log, in which they continue by their own indices.
    subscriber: config.subscriber - (config.hop?.service ?? 0),
    address: address ?? undefined,
    ...(config.contractVersion === undefined ? {} : { contractVersion: config.contractVersion }),
    ...(isStream(interaction) ? { stream: createStreamHandler(parts) } : {}),
  });
}

async function end(service: Running): Promise<void> {
  // Connections cut off from now on are no failure.
  isEnding = true;
  setTimeout(() => process.exit(EXIT.done), END_MS);
  await service[Symbol.asyncDispose]();
  process.exit(EXIT.done);
}

let isEnding = false;

/** Reports the error and ends with code 1; only the first error is reported. */
function fail(error: unknown, hub: Hub): void {
  if (isEnding) return;
  isEnding = true;
  setTimeout(() => process.exit(EXIT.defect), END_MS);
  process.stderr.write(`${wordsOf(error)}\n`);
  hub.send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  void leave(hub);
}

async function leave(hub: Hub): Promise<void> {
  await hub.finish();
  process.exit(EXIT.defect);
}

/** A defect keeps its stack; an expected error has a message and a hint. */
function wordsOf(error: unknown): string {
  if (error instanceof CommbenchError) return [error.message, error.hint].filter(Boolean).join('. ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await main(process.argv[2]);
