import type { PolicyEvent } from '../../src/kernel/policy-event.ts';
import type { Failure, SendResult } from '../../src/kernel/transport.ts';
import type { PolicyDefinition } from '../../src/policies/policy.ts';
import { contextOf, failureOf, messageOf, OK, virtualTime } from './virtual.ts';

export type Ending = 'ok' | Failure['outcome'] | Failure;

/** A call that its test ends. */
export interface Begun {
  readonly sequence: number;
  /** It reached the service. */
  readonly isSent: boolean;
  end(ending: Ending): Promise<void>;
  readonly result: Promise<SendResult>;
}

export interface Testbed {
  readonly events: readonly PolicyEvent[];
  /** `opened@1000 half-open@6000`: changes of state and their instants. */
  changes(): string[];
  nowMs(): number;
  advance(ms: number): Promise<void>;
  begin(signal?: AbortSignal): Begun;
  /** One call, from its beginning to its end. */
  call(ending: Ending): Promise<SendResult>;
}

/** A breaker in virtual time before a service whose answers are the test's. */
export function testbedOf<Options>(definition: PolicyDefinition<Options>, given: object = {}): Testbed {
  const time = virtualTime();
  const context = contextOf(time);
  const changes: string[] = [];
  const emit = (event: PolicyEvent): void => {
    context.emit(event);
    if (['opened', 'half-open', 'closed'].includes(event.what))
      changes.push(`${event.what}@${time.scheduler.nowMs()}`);
  };
  const waiting = new Map<number, (result: SendResult) => void>();
  const call = definition.wrap(
    ({ envelope }) => new Promise((resolve) => void waiting.set(envelope.sequence, resolve)),
    definition.options.parse(given) as Options,
    { ...context, emit },
  );
  let begun = 0;
  const begin = (signal?: AbortSignal): Begun => {
    const sequence = begun++;
    const result = call(messageOf(sequence), signal ? { signal } : {});
    return {
      sequence,
      result,
      isSent: waiting.has(sequence),
      async end(ending) {
        waiting.get(sequence)?.(resultOf(ending));
        await result;
      },
    };
  };
  return {
    events: context.events,
    changes: () => changes,
    nowMs: time.scheduler.nowMs,
    advance: time.advance,
    begin,
    async call(ending) {
      const one = begin();
      if (one.isSent) await one.end(ending);
      return await one.result;
    },
  };
}

function resultOf(ending: Ending): SendResult {
  if (ending === 'ok') return OK;
  return typeof ending === 'string' ? failureOf(ending) : ending;
}
