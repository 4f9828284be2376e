import { orItsEnd, howItEnded } from '../../brokers/broker-ready.ts';
import { runCompose } from '../../brokers/compose-run.ts';
import { freePorts } from '../../brokers/ports.ts';
import type { BrokerStartContext, StartedBroker } from '../../kernel/broker.ts';
import { pushThrough } from './broker-client.ts';
import { KAFKA_VERSION } from './broker-jars-lock.ts';
import { speaker, untilProved } from './broker-program.ts';
import { composeService, PORT_VARIABLE } from './compose.ts';

/** An image may have to be pulled first. */
const READY_MS = 10 * 60_000;

/**
 * Runs Kafka in a container of its own. Its processes are the engine's, not ours: no pids, so it is neither
 * measured nor killed. Untested so far: no engine ran where this was written.
 */
export async function startCompose(context: BrokerStartContext): Promise<StartedBroker> {
  await using stack = new AsyncDisposableStack();
  const [port] = (await freePorts(1)) as [number];
  const broker = { name: 'kafka', title: 'Kafka', compose: composeService };
  const { program } = stack.use(await runCompose(broker, { [PORT_VARIABLE]: String(port) }, context));
  const url = `kafka://127.0.0.1:${port}`;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(READY_MS)]);
  await orItsEnd(speaker, program, signal, async (s) => {
    await untilProved(url, s);
    await pushThrough(url, s, 1);
  });
  let isStopping = false;
  const owned = stack.move();
  return {
    name: 'kafka',
    url,
    version: KAFKA_VERSION,
    source: 'compose',
    pids: [],
    lost: program.ended.then((end) =>
      isStopping ? new Promise<string>(() => undefined) : howItEnded(speaker, program, end),
    ),
    warm: (abort) => pushThrough(url, abort),
    async [Symbol.asyncDispose]() {
      isStopping = true;
      await owned.disposeAsync();
    },
  };
}
