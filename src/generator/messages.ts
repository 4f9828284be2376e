import type { Contract } from '../kernel/contract.ts';
import type { Stage } from '../kernel/envelope.ts';
import { operationChooser } from '../kernel/operation-choice.ts';
import { draw } from '../kernel/random.ts';
import { ROOT_CALL, withTrace } from '../kernel/telemetry/trace-context.ts';
import type { Message, SendResult } from '../kernel/transport.ts';
import { operationByName } from '../contracts/contracts.ts';
import type { AddressedPlan } from '../plan/generator-plan.ts';

/** The content of arrivals, and the check of replies against the contract. */
export interface Messages {
  of(stage: Stage, sequence: number, deadlineNs: number): Message;
  /** The result as it counts: a reply that breaks its contract is a failure. */
  check(message: Message, result: SendResult): SendResult;
}

type Settings = Pick<AddressedPlan, 'trial' | 'seed' | 'mix' | 'keys' | 'address' | 'trace'>;

export function createMessages(plan: Settings, contract: Contract): Messages {
  const choose = operationChooser(plan);
  const operations = new Map(plan.mix.map((m) => [m.operation, operationByName(contract, m.operation)]));
  // An endpoint of the user's own knows nothing of our contracts.
  const isChecked = plan.address['path'] === undefined;
  return {
    of(stage, sequence, deadlineNs) {
      const operation = choose(sequence);
      const key = plan.keys === 1 ? 0 : Math.floor(draw(plan.seed, 'key', sequence) * plan.keys);
      const envelope = {
        trial: plan.trial,
        stage,
        sequence,
        attempt: 1,
        key,
        deadlineNs: Math.round(deadlineNs),
      };
      return {
        operation,
        body: operations.get(operation)!.request(plan.seed, sequence),
        envelope: withTrace(envelope, plan.trace, ROOT_CALL),
      };
    },
    check(message, result) {
      if (!isChecked || result.kind !== 'reply') return result;
      const broken = operations.get(message.operation)!.check(message.body, result.body, result.asked);
      if (broken === undefined) return result;
      const { waitedNs } = result;
      const failure = { kind: 'failure', outcome: 'contract-broken', noEffect: false, status: 0 } as const;
      return { ...failure, detail: broken, ...(waitedNs === undefined ? {} : { waitedNs }) };
    },
  };
}
