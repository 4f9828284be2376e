import { contractByName, operationByName } from '../../src/contracts/contracts.ts';
import { isStream } from '../../src/contracts/interactions.ts';
import type { Handled, StreamPlan } from '../../src/kernel/contract.ts';
import type { Envelope } from '../../src/kernel/envelope.ts';
import type { Message } from '../../src/kernel/transport.ts';

const SEED = 1;

/** What arrival `sequence` says: all of it holds a contract, because typed wires carry nothing else. */
export function messageOf(operation: string, sequence: number, extra: Partial<Envelope> = {}): Message {
  const { request } = operationByName(contractOf(operation), operation);
  return {
    operation,
    body: request(SEED, sequence),
    envelope: { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs: 0, ...extra },
  };
}

export function createUser(sequence: number, extra: Partial<Envelope> = {}): Message {
  return messageOf('createUser', sequence, extra);
}

/** The operation by which an interaction is tested: the main table's command, or a stream. */
export function operationFor(interaction: string): string {
  return isStream(interaction) ? 'streamUserEvents' : 'createUser';
}

function contractOf(operation: string) {
  const other: Readonly<Record<string, string>> = { echo: 'echo', nothing: 'null' };
  return contractByName(other[operation] ?? 'users');
}

/** Does what the contract's own service would do: every answer holds the contract. */
export function createAnswers(): (message: Message) => Handled {
  const implementations = new Map(
    ['users', 'echo', 'null'].map((name) => [contractByName(name).name, contractByName(name).implement()]),
  );
  return ({ operation, body, envelope }) =>
    implementations.get(contractOf(operation).name)!(operation, body, envelope);
}

/** What a caller gets of an answer: the items of a stream, or the body. */
export function replyOf(handled: Handled): unknown {
  if (handled.kind === 'failed') return undefined;
  const plan = handled.body as Partial<StreamPlan> | null;
  return Array.isArray(plan?.items) && 'everyMs' in plan ? plan.items : handled.body;
}
