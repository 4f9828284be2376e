import { nowNs, NS_PER_S, type Nanoseconds } from '../../../kernel/clock.ts';
import type { Connection, Handler, Message } from '../../../kernel/transport.ts';
import { untilAborted } from '../../../kernel/wait.ts';
import { median } from '../../../measure/stats/median.ts';
import { cpuNsOf } from '../../../platform/process/proc.ts';
import { kafkaOptionsSchema } from '../../../transports/kafka/options.ts';
import { parts } from '../../../transports/kafka/parts.ts';
import { warmUntilSteady, type WarmedUp } from '../warm-until-steady.ts';

/** As in trials: partitions, and groups that each commit every record. */
const PARTITIONS = 10;
const GROUPS = 2;
const OPEN = 16;
const WINDOW_MESSAGES = 1000;
/** A broker that is not steady by then is used all the same, and the result says so. */
const MOST_WINDOWS = 24;
const MOST_S = 20;
const BODY = { name: 'a'.repeat(200), email: 'warm@up.example' };

/**
 * Warms a broker along the very path of trials, with their client library: each message in a request of its own,
 * acknowledged by all (one), taken by two groups over ten partitions, each offset committed. It ends when the broker's
 * CPU time per message falls no more: its code is compiled for this, and for no other traffic.
 * @param pids of the broker; none: the latency of a send decides
 * @returns what was done, in words
 */
export async function warmLikeTrials(
  url: string,
  signal: AbortSignal,
  pids: readonly number[],
): Promise<string> {
  const startNs = nowNs();
  await using traffic = await openTraffic(url);
  const most = { windows: MOST_WINDOWS, untilNs: startNs + MOST_S * NS_PER_S };
  const warmed = await warmUntilSteady(() => pushWindow(traffic, pids, signal), most);
  return warmedText(warmed, pids.length > 0, (nowNs() - startNs) / NS_PER_S);
}

function warmedText({ costsNs, isSteady }: WarmedUp, hasCpu: boolean, seconds: number): string {
  const last = `${Math.round(costsNs.at(-1)! / 1000)} µs`;
  const what = hasCpu ? 'CPU per message' : 'time per send';
  const end = isSteady ? `${what} steady at ${last}` : `${what} still falling, at ${last}`;
  return `${costsNs.length * WINDOW_MESSAGES} messages to ${GROUPS} groups as in trials, in ${seconds.toFixed(1)} s: ${end}`;
}

interface Traffic extends AsyncDisposable {
  readonly connection: Connection;
  /** Sends that began. */
  sent: number;
  /** Settles when every group has taken everything that was sent. */
  taken(): Promise<void>;
}

async function openTraffic(url: string): Promise<Traffic> {
  const options = kafkaOptionsSchema.parse({});
  const interaction = 'publish-subscribe';
  await using stack = new AsyncDisposableStack();
  const [provision, serve, connect] = await Promise.all([parts.provision!(), parts.serve(), parts.connect()]);
  const context = { options, interaction, concurrency: PARTITIONS };
  const prefix = `commbench-warm-${process.pid}-${nowNs()}`;
  const { address } = stack.use(await provision({ ...context, subscribers: GROUPS, brokerUrl: url, prefix }));
  let taken = 0;
  let notify = () => {};
  const take: Handler = async () => {
    taken++;
    notify();
    return { kind: 'done', body: null };
  };
  const groups = Array.from({ length: GROUPS }, (_, subscriber) =>
    serve(take, { ...context, address, subscriber }),
  );
  for (const group of await Promise.all(groups)) stack.use(group);
  const connection = stack.use(await connect(address, { options, interaction }));
  const owned = stack.move();
  const traffic: Traffic = {
    connection,
    sent: 0,
    taken: () =>
      new Promise((resolve) => {
        notify = () => {
          if (taken >= traffic.sent * GROUPS) resolve();
        };
        notify();
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  return traffic;
}

/** @returns CPU time of the broker per message, or the median latency of a send where it is unknown */
async function pushWindow(
  traffic: Traffic,
  pids: readonly number[],
  signal: AbortSignal,
): Promise<Nanoseconds> {
  const before = cpuIn(pids);
  const timesNs: number[] = [];
  const until = traffic.sent + WINDOW_MESSAGES;
  const lane = async () => {
    while (traffic.sent < until) {
      signal.throwIfAborted();
      const fromNs = nowNs();
      const result = await traffic.connection.send(messageOf(traffic.sent++));
      if (result.kind === 'failure') throw new Error(result.detail);
      timesNs.push(nowNs() - fromNs);
    }
  };
  await untilAborted(Promise.all(Array.from({ length: OPEN }, lane)), signal);
  await untilAborted(traffic.taken(), signal);
  const after = cpuIn(pids);
  return before === undefined || after === undefined ? median(timesNs) : (after - before) / WINDOW_MESSAGES;
}

function messageOf(sequence: number): Message {
  const envelope = {
    trial: 0,
    stage: 'warm-up',
    sequence,
    attempt: 1,
    key: sequence,
    deadlineNs: 0,
  } as const;
  return { operation: 'createUser', body: BODY, envelope };
}

function cpuIn(pids: readonly number[]): Nanoseconds | undefined {
  const each = pids.map(cpuNsOf);
  if (each.length === 0 || each.includes(undefined)) return undefined;
  return each.reduce<number>((sum, ns) => sum + ns!, 0);
}
