import { writeSync } from 'node:fs';
import { CommbenchError } from '../kernel/errors.ts';
import { connectHub } from '../platform/ipc/hub-client.ts';
import type { Address } from '../kernel/transport.ts';
import type { GeneratorLine, GeneratorOrder, GeneratorPlan } from '../plan/generator-plan.ts';

type Unnumbered = GeneratorLine extends infer Line ? (Line extends unknown ? Omit<Line, 'n'> : never) : never;

/** The generator's way to whoever started it. */
export interface Speaker {
  say(line: Unnumbered): void;
  /** Whom to call, where the plan doesn't say. */
  toldAddress(): Promise<Address>;
  /** Waits for leave to settle. */
  toldToSettle(): Promise<void>;
  /** The instant at which the measured load is to begin. */
  toldToGo(): Promise<number | undefined>;
  /** All lines have been handed over. */
  finish(): Promise<void>;
}

/** To the hub, or stand-alone to the standard output, with nobody to wait for (a shard's contract, DESIGN 9). */
export async function openSpeaker(plan: GeneratorPlan): Promise<Speaker> {
  return plan.socketPath === null ? standAlone() : toHub(plan.socketPath);
}

function standAlone(): Speaker {
  let n = 0;
  return {
    say: (line) => void writeSync(1, `${JSON.stringify({ n: n++, ...line })}\n`),
    toldAddress: () => {
      throw new CommbenchError('bad-option', 'Expected a plan with an address, found none and nobody to ask');
    },
    toldToSettle: async () => {},
    toldToGo: async () => undefined,
    finish: async () => {},
  };
}

async function toHub(socketPath: string): Promise<Speaker> {
  const link = await connectHub<GeneratorLine, GeneratorOrder>(socketPath);
  let n = 0;
  return {
    say: (line) => link.say({ n: n++, ...line }),
    toldAddress: async () => (await link.next('connect')).address,
    toldToSettle: async () => void (await link.next('settle')),
    toldToGo: async () => (await link.next('go')).startNs,
    finish: () => link.finish(),
  };
}
