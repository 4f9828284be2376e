import type { KafkaOptions } from './options.ts';

/** The broker accepts no shorter one (`group.min.session.timeout.ms`). */
const PATIENT_SESSION_MS = 6000;
const LIBRARY_SESSION_MS: Readonly<Record<KafkaOptions['client'], number>> = {
  kafkajs: 30_000,
  platformatic: 60_000,
};
const LIBRARY_HEARTBEAT_MS = 3000;

/** Time for which a dead consumer keeps its partitions, in milliseconds. */
export function sessionTimeoutMs({ client, profile, sessionTimeoutMs: given }: KafkaOptions): number {
  return given ?? (profile === 'patient' ? PATIENT_SESSION_MS : LIBRARY_SESSION_MS[client]);
}

export function heartbeatMs(options: KafkaOptions): number {
  const third = Math.floor(sessionTimeoutMs(options) / 3);
  return options.heartbeatMs ?? Math.min(third, LIBRARY_HEARTBEAT_MS);
}

/** kafkajs's retrier: a number of retries, with pauses that grow by the multiplier. */
export const KAFKAJS_PATIENT = {
  initialRetryTime: 100,
  maxRetryTime: 1000,
  retries: 60,
  factor: 0.2,
  multiplier: 1.5,
} as const;

export const PLATFORMATIC_PATIENT = { retries: 80, retryDelay: 250 } as const;
