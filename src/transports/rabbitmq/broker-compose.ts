import { runCompose } from '../../brokers/compose-run.ts';
import { freePorts } from '../../brokers/ports.ts';
import type { BrokerStartContext, StartedBroker } from '../../kernel/broker.ts';
import { pushThrough } from './broker-connection.ts';
import { endOf, orItsEnd, untilReady } from './broker-ready.ts';
import { composeService, PORT_VARIABLE } from './compose.ts';

/** An image may have to be pulled first. */
const READY_MS = 10 * 60_000;

/**
 * Runs RabbitMQ in a container of its own. Its processes are the engine's, not ours: no pids, so it is
 * neither measured nor killed. Untested so far: no engine ran where this was written.
 */
export async function startCompose(context: BrokerStartContext): Promise<StartedBroker> {
  await using stack = new AsyncDisposableStack();
  const [port] = (await freePorts(1)) as [number];
  const broker = { name: 'rabbitmq', title: 'RabbitMQ', compose: composeService };
  const { program } = stack.use(await runCompose(broker, { [PORT_VARIABLE]: String(port) }, context));
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(READY_MS)]);
  const version = await orItsEnd(program, signal, (s) => untilReady(url, s));
  return {
    name: 'rabbitmq',
    url,
    version,
    source: 'compose',
    pids: [],
    warm: (abort) => pushThrough(url, abort),
    ...endOf(program, stack.move()),
  };
}
