import type { Envelope } from '../../../src/kernel/envelope.ts';
import type { Handled } from '../../../src/kernel/contract.ts';
import type {
  Connection,
  Incoming,
  Message,
  SendOptions,
  SendResult,
} from '../../../src/kernel/transport.ts';
import type { HopEvent, HopWriter } from '../../../src/measure/logs/hop-log.ts';
import { mostAttempts, type PolicySpec, policySpecSchema } from '../../../src/policies/policies.ts';
import type { ApplicationFaultConfig, PolicySwitch } from '../../../src/plan/service-config.ts';
import { createHandler } from '../../../src/components/service/handler.ts';
import { createHop } from '../../../src/components/service/hop.ts';
import { createEdge } from '../../../src/components/service/hop-edge.ts';
import { createStrikes } from '../../../src/components/service/hop-strikes.ts';
import { createOnce } from '../../../src/components/service/idempotency.ts';
import { createConcurrencyLimiter } from '../../../src/components/service/concurrency-limiter.ts';
import { type VirtualTime, virtualTime } from '../../policies/virtual.ts';

/** What a service is sent, and what it says; a pending answer is a promise of the test's own. */
type SystemUnderTest = (
  message: Message,
  options: SendOptions | undefined,
) => SendResult | Promise<SendResult>;

export interface TestbedSettings {
  /** By edge id. */
  readonly services?: Readonly<Record<string, SystemUnderTest>>;
  readonly operations?: Readonly<Record<string, readonly string[]>>;
  /** With their options' defaults. */
  readonly policies?: readonly { readonly policy: string; readonly [option: string]: unknown }[];
  readonly switches?: readonly PolicySwitch[];
  /** Absent: by its policies. */
  readonly mostAttempts?: number;
  readonly faults?: readonly Partial<ApplicationFaultConfig>[];
  readonly idempotent?: boolean;
  /** Null: not known yet; absent: now. */
  readonly loadStartNs?: number | null;
  readonly concurrency?: number;
  readonly perform?: () => Handled;
  readonly hold?: () => Promise<void>;
}

export const SEED = 7;
export const REPLY: SendResult = { kind: 'reply', body: {} };
export const DONE: Handled = { kind: 'done', body: { id: 'u1' } };

/** The handler of a service of index 1 under virtual time, its services played by the test. */
export function hopTestbed(settings: TestbedSettings = {}) {
  const time = virtualTime();
  const events: HopEvent[] = [];
  const effects: Envelope[] = [];
  const sent: { readonly edge: string; readonly message: Message }[] = [];
  let ends = 0;
  let calls = 100;
  const log: HopWriter = { write: (event) => void events.push(event), [Symbol.dispose]: () => {} };
  const clock = { nowNs: () => time.scheduler.nowMs() * 1e6 };
  const edges = Object.entries(settings.services ?? {}).map(([id, system], index) =>
    createEdge({
      edge: {
        index,
        id,
        operations: settings.operations?.[id] ? [...settings.operations[id]] : null,
        policies: policiesIn(settings),
        switches: settings.switches ?? [],
        mostAttempts: settings.mostAttempts ?? mostAttempts(policiesIn(settings)),
      },
      connection: connectionOf((message, options) => {
        sent.push({ edge: id, message });
        return system(message, options);
      }),
      seed: SEED,
      service: 1,
      loadStartNs: settings.loadStartNs === undefined ? clock.nowNs() : settings.loadStartNs,
      log,
      nextCall: () => ++calls,
      scheduler: time.scheduler,
      clock,
    }),
  );
  const faults = (settings.faults ?? []).map((fault) => {
    return { id: 'fault', do: 'error', options: {}, from: 0, to: 1000, fromMs: 0, toMs: 1e6, ...fault };
  });
  const strikes = createStrikes({
    service: 1,
    seed: SEED,
    faults,
    loadStartNs: settings.loadStartNs === undefined ? clock.nowNs() : settings.loadStartNs,
    log,
    alarm: alarmOf(time),
    clock,
  });
  const hop = createHop({
    service: 1,
    edges,
    strikes,
    log,
    clock,
    endProcess: () => void ends++,
    ...(settings.idempotent ? { once: createOnce() } : {}),
  });
  const handle = createHandler({
    interaction: 'request-reply',
    limiter: createConcurrencyLimiter(settings.concurrency ?? 100, 1000),
    process: settings.hold,
    perform: settings.perform ?? (() => DONE),
    effects: { write: (envelope) => void effects.push(envelope), [Symbol.dispose]: () => {} },
    hop,
    clock,
  });
  const eventsOf = <T extends HopEvent['type']>(type: T) =>
    events.filter((event): event is Extract<HopEvent, { type: T }> => event.type === type);
  return { handle, hop, time, sent, effects, events, eventsOf, ends: () => ends };
}

function policiesIn({ policies = [] }: TestbedSettings): PolicySpec[] {
  return policies.map((spec) => policySpecSchema.parse(spec));
}

export function incoming(sequence: number, more: Partial<Envelope> = {}, operation = 'createUser'): Incoming {
  const envelope = { trial: 3, stage: 'measured', sequence, attempt: 1, key: 5, deadlineNs: 0 } as const;
  return { operation, body: { name: 'User' }, envelope: { ...envelope, ...more }, redelivered: false };
}

function connectionOf(system: SystemUnderTest): Connection {
  return {
    send: (message, options) => Promise.resolve(system(message, options)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function alarmOf({ scheduler }: VirtualTime) {
  return (dueNs: number): Promise<void> =>
    new Promise((resolve) => void scheduler.after(dueNs / 1e6 - scheduler.nowMs(), resolve));
}
