import { type Clock, monotonicClock, type Nanoseconds } from '../../kernel/clock.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { attemptName, type TraceSampling, withTrace } from '../../kernel/telemetry/trace-context.ts';
import { type Call, type Connection, type Message, type SendResult } from '../../kernel/transport.ts';
import type { HopWriter } from '../../measure/logs/hop-log.ts';
import { compose, type PolicySpec } from '../../policies/policies.ts';
import type { Scheduler } from '../../policies/policy.ts';
import type { HopConfig, PolicySwitch } from '../../plan/service-config.ts';
import { createEdgeLog } from './hop-edge-log.ts';
import { createStacks } from './hop-stacks.ts';

/** Result of a call after all policies of its edge. */
interface EdgeAnswer {
  readonly result: SendResult;
  /** False: nothing was sent, or every attempt failed with the guarantee of no effect. */
  readonly mayHaveEffect: boolean;
}

/** A service's connection to one of the services that it calls. Disposing closes it. */
export interface HopEdge extends AsyncDisposable {
  readonly id: string;
  goesOver(operation: string): boolean;
  /** Names the start of the load: until then its own policies apply. */
  expect(loadStartNs: Nanoseconds): void;
  /** Replaces the switches of its policies. */
  follow(switches: readonly PolicySwitch[]): void;
  /** Passes on the message that the service itself received. */
  call(asked: Message): Promise<EdgeAnswer>;
}

export interface EdgeParts {
  readonly edge: Pick<
    HopConfig['edges'][number],
    'index' | 'id' | 'operations' | 'policies' | 'switches' | 'mostAttempts'
  >;
  /** Index of its caller in the topology. */
  readonly service: number;
  /** Start of the load; null: not known yet. */
  readonly loadStartNs: number | null;
  readonly connection: Connection;
  readonly seed: number;
  readonly log: HopWriter;
  /** Identity of the next attempt, unique in the trial. */
  readonly nextCall: () => number;
  readonly scheduler: Scheduler;
  /** Messages that carry a trace context; absent: none. */
  readonly trace?: TraceSampling;
  readonly clock?: Clock;
}

/** A call in progress within its policies. */
interface Open {
  attempts: number;
  /** Attempts that may have had an effect, including those in progress. */
  uncertain: number;
}

/**
 * The connection wrapped in the edge's policies, its own or those of a switch. These pass on the same message object, by which an attempt finds its
 * call.
 * Attempts of one call are numbered from its caller's attempt number, in steps of the maximum, so that numbers along
 * one path are unique.
 */
export function createEdge(parts: EdgeParts): HopEdge {
  const { edge, connection, seed, nextCall, scheduler } = parts;
  const clock = parts.clock ?? monotonicClock;
  const log = createEdgeLog(parts.log, edge.index, clock);
  const most = edge.mostAttempts;
  let loadStartNs = parts.loadStartNs ?? NaN;
  const calls = new WeakMap<Message, Open>();

  const attempt: Call = async (asked, options) => {
    const open = calls.get(asked);
    if (!open)
      throw new CommbenchError('defect', `Expected the policies of ${edge.id} to pass the message on`);
    open.uncertain++;
    const call = nextCall();
    // A long path of many tries could exceed the safe integers, beyond which numbers collide.
    const number = Math.min(Number.MAX_SAFE_INTEGER, (asked.envelope.attempt - 1) * most + ++open.attempts);
    log.began(asked, { call, number });
    // The deadline is sent only where a policy of this edge propagates it.
    const stamps = { attempt: number, call, deadlineNs: options?.deadlineNs ?? 0 };
    const sent = { ...asked.envelope, ...stamps };
    // Untraced, nothing is spent on it.
    const envelope = parts.trace ? withTrace(sent, parts.trace, attemptName(call)) : sent;
    const result = await connection.send({ ...asked, envelope }, options);
    if (result.kind === 'failure' && result.noEffect) open.uncertain--;
    log.ended(asked, call, result);
    return result;
  };

  const wrap = (policies: readonly PolicySpec[]): Call =>
    compose(attempt, policies, { edge: edge.id, seed, scheduler, emit: (event) => log.policy(event) });
  const stacks = createStacks(edge.policies, edge.switches, wrap);

  return {
    id: edge.id,
    expect: (startNs) => void (loadStartNs = startNs),
    follow: (switches) => stacks.follow(switches),
    goesOver: (operation) => edge.operations?.includes(operation) ?? true,
    async call({ operation, body, envelope }) {
      const asked: Message = { operation, body, envelope };
      const open: Open = { attempts: 0, uncertain: 0 };
      calls.set(asked, open);
      const beganNs = clock.nowNs();
      const { call: guarded, by } = stacks.at(beganNs - loadStartNs);
      if (by !== undefined) log.switched(asked, by, parts.service);
      const result = await guarded(asked);
      log.called(asked, result, { beganNs, attempts: open.attempts });
      return { result, mayHaveEffect: open.uncertain > 0 };
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
