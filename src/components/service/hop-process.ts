import { CommbenchError } from '../../kernel/errors.ts';
import { openHopWriter } from '../../measure/logs/hop-log.ts';
import { realScheduler } from '../../policies/real-scheduler.ts';
import { loadTransportParts } from '../../transports/discover.ts';
import { withPatience } from '../../transports/with-patience.ts';
import { createAlarm } from './alarm.ts';
import type { HopConfig } from '../../plan/service-config.ts';
import { createHop, type Hop } from './hop.ts';
import { createEdge, type HopEdge } from './hop-edge.ts';
import { createStrikes } from './hop-strikes.ts';
import { createOnce } from './idempotency.ts';

/** Time for client libraries to send pending acknowledgements before a process ends itself. */
const LAST_OUTPUT_MS = 100;

const PID_BITS = 22;
const COUNT_BITS = 26;

/** The hop of a real process, with its connections and its log. */
export async function openHop(config: HopConfig): Promise<Hop & AsyncDisposable> {
  const { service, seed, faults, loadStartNs, idempotent, hopLogPath, trace } = config;
  await using stack = new AsyncDisposableStack();
  const log = stack.use(openHopWriter(hopLogPath));
  const nextCall = createCallNumbers(service, process.pid);
  const edges: HopEdge[] = [];
  for (const edge of config.edges) {
    const connection = await connect(edge, config.deadlineMs);
    const parts = { edge, connection, seed, service, loadStartNs, log, nextCall, scheduler: realScheduler };
    edges.push(stack.use(createEdge(trace ? { ...parts, trace } : parts)));
  }
  const strikes = createStrikes({ service, seed, faults, loadStartNs, log, alarm: createAlarm() });
  const hop = createHop({
    service,
    edges,
    strikes,
    log,
    endProcess,
    ...(idempotent ? { once: createOnce() } : {}),
  });
  const owned = stack.move();
  return { ...hop, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function connect(
  { transport: name, options, interaction, address, patience }: HopConfig['edges'][number],
  deadlineMs: number,
) {
  const open = await (await loadTransportParts(name)).connect();
  return withPatience(await open(address, { options, interaction }), { patience, deadlineMs });
}

/**
 * Attempt numbers that are unique in a trial: no two services have one index, and no two live processes one pid. They
 * stay below 2^53, so that they are exact.
 */
export function createCallNumbers(service: number, pid: number): () => number {
  const first = (service * 2 ** PID_BITS + pid) * 2 ** COUNT_BITS;
  let count = 0;
  return () => {
    if (++count === 2 ** COUNT_BITS) {
      throw new CommbenchError('defect', `Expected fewer than ${count} attempts in a trial`);
    }
    return first + count;
  };
}

function endProcess(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_OUTPUT_MS);
}
