import { writeSync } from 'node:fs';
import { CommbenchError } from '../kernel/errors.ts';
import { connectHub } from '../platform/ipc/hub-client.ts';
import type { Address } from '../kernel/transport.ts';
import type { GeneratorMessage, GeneratorOrder, GeneratorPlan } from '../plan/generator-plan.ts';

type Unnumbered = GeneratorMessage extends infer Line
  ? Line extends unknown
    ? Omit<Line, 'n'>
    : never
  : never;

type SteerOrder = Extract<GeneratorOrder, { type: 'steer' }>;

/** The generator's channel to its parent. */
export interface ControlChannel {
  send(line: Unnumbered): void;
  /** The address to call, where the plan has none. */
  awaitAddress(): Promise<Address>;
  /** Waits for leave to begin the next closed loop. */
  awaitLoop(): Promise<void>;
  /** Waits for leave to settle. */
  awaitSteadyState(): Promise<void>;
  /** The instant at which the measured load is to begin. */
  awaitStart(): Promise<number | undefined>;
  /** Called with each change of the measured load. */
  onSteer(follow: (order: SteerOrder) => void): void;
  /** Resolves when all lines have been delivered. */
  finish(): Promise<void>;
}

/**
 * Opens a channel to the hub, or stand-alone to standard output, without any waiting (a shard's contract, DESIGN 9).
 */
export async function openControlChannel(plan: GeneratorPlan): Promise<ControlChannel> {
  return plan.socketPath === null ? standAlone() : toHub(plan.socketPath);
}

function standAlone(): ControlChannel {
  let n = 0;
  return {
    send: (line) => void writeSync(1, `${JSON.stringify({ n: n++, ...line })}\n`),
    awaitAddress: () => {
      throw new CommbenchError('bad-option', 'A stand-alone plan needs an address');
    },
    awaitLoop: async () => {},
    awaitSteadyState: async () => {},
    awaitStart: async () => undefined,
    onSteer() {},
    finish: async () => {},
  };
}

async function toHub(socketPath: string): Promise<ControlChannel> {
  const link = await connectHub<GeneratorMessage, GeneratorOrder>(socketPath);
  let n = 0;
  return {
    send: (line) => link.send({ n: n++, ...line }),
    awaitAddress: async () => (await link.next('connect')).address,
    awaitLoop: async () => void (await link.next('loop')),
    awaitSteadyState: async () => void (await link.next('settle')),
    awaitStart: async () => (await link.next('go')).startNs,
    onSteer(follow) {
      const each = async (): Promise<never> => {
        for (;;) follow(await link.next('steer'));
      };
      // The link is finished at the end, when none can come any more.
      each().catch(() => undefined);
    },
    finish: () => link.finish(),
  };
}
