import { readFileSync } from 'node:fs';
import { contractByName } from '../contracts/contracts.ts';
import { CommbenchError, EXIT } from '../kernel/errors.ts';
import { connectHub, type HubLink } from '../kernel/hub-client.ts';
import { isAnswered, type Server } from '../kernel/transport.ts';
import { type EffectWriter, openEffectWriter } from '../measure/effect-log.ts';
import { openWireCount, type WireCount } from '../measure/wire-count.ts';
import { loadTransportDefinition } from '../transports/discover.ts';
import { type ServiceConfig, serviceConfigSchema, type ServiceLine, type ServiceOrder } from './config.ts';
import { createHandler, type HandlerParts } from './handler.ts';
import { createHold, type Hold } from './hold.ts';
import { plantDefects, plantHold } from './plants.ts';
import { createSlots } from './slots.ts';
import { createStreamHandler } from './stream-handler.ts';

/**
 * The service process: `node service.ts CONFIG`. It serves one contract over one transport and ends
 * when its hub closes, on SIGTERM (code 0), or when it can't serve (code 1, with its last words).
 */

/** Bound on an orderly end: whoever asked for it waits. */
const END_MS = 900;

type Hub = HubLink<ServiceLine, ServiceOrder>;

async function main(configPath: string | undefined): Promise<void> {
  if (configPath === undefined) throw new CommbenchError('bad-option', 'Expected the path of a config file');
  const config = serviceConfigSchema.parse(JSON.parse(readFileSync(configPath, 'utf8')));
  const hub: Hub = await connectHub<ServiceLine, ServiceOrder>(config.socketPath);
  hub.say({ type: 'hello', name: config.name, mark: config.mark, pid: process.pid });
  process.on('uncaughtException', (error) => fail(error, hub));
  process.on('unhandledRejection', (error) => fail(error, hub));
  try {
    await run(config, hub);
  } catch (error) {
    fail(error, hub);
  }
}

async function run(config: ServiceConfig, hub: Hub): Promise<void> {
  const effects = openEffects(config);
  if (config.countBytes) void answerCounts(hub, openWireCount());
  const server = await serve(config, effects);
  process.once('SIGTERM', () => void end(server, effects));
  void server.lost?.then((reason) => fail(new CommbenchError('broker-unreachable', reason), hub));
  hub.say({ type: 'ready', address: server.address });
}

/** As long as the process lives. */
async function answerCounts(hub: Hub, count: WireCount): Promise<never> {
  for (;;) {
    await hub.next('count');
    hub.say({ type: 'counted', ...count.total() });
  }
}

function openEffects(config: ServiceConfig): EffectWriter {
  const effects = openEffectWriter(config.effectLogPath, config.subscriber);
  const plants = plantsOf(config);
  return plants ? plantDefects(effects, plants) : effects;
}

function openHold(config: ServiceConfig): Hold | undefined {
  const hold = createHold(config.holdMs);
  const planted = plantsOf(config)?.hold;
  return planted ? plantHold(hold, planted) : hold;
}

function plantsOf({ plants, subscriber }: ServiceConfig): ServiceConfig['plants'] {
  return plants?.subscriber === subscriber ? plants : null;
}

async function serve(config: ServiceConfig, effects: EffectWriter): Promise<Server> {
  const { interaction, slots } = config;
  const definition = await loadTransportDefinition(config.transport);
  const transport = await definition.load();
  const parts: HandlerParts = {
    interaction,
    // Brokers queue by themselves and hand out no more than there are slots.
    slots: createSlots(slots, isAnswered(interaction) ? config.queue : 0),
    hold: openHold(config),
    perform: contractByName(config.contract).implement(),
    effects,
  };
  return transport.serve(createHandler(parts), {
    options: definition.options.parse(config.options),
    interaction,
    slots,
    subscriber: config.subscriber,
    address: config.address ?? undefined,
    ...(interaction === 'server-stream' ? { stream: createStreamHandler(parts) } : {}),
  });
}

async function end(server: Server, effects: EffectWriter): Promise<void> {
  setTimeout(() => process.exit(EXIT.done), END_MS);
  await server[Symbol.asyncDispose]();
  effects[Symbol.dispose]();
  process.exit(EXIT.done);
}

let failing = false;

/** Says why and ends with code 1; the first cause is the one that is told. */
function fail(error: unknown, hub: Hub): void {
  if (failing) return;
  failing = true;
  setTimeout(() => process.exit(EXIT.defect), END_MS);
  process.stderr.write(`${wordsOf(error)}\n`);
  hub.say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  void leave(hub);
}

async function leave(hub: Hub): Promise<void> {
  await hub.finish();
  process.exit(EXIT.defect);
}

/** A defect keeps its stack; what a user can meet has a message and a hint. */
function wordsOf(error: unknown): string {
  if (error instanceof CommbenchError) return [error.message, error.hint].filter(Boolean).join('. ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await main(process.argv[2]);
