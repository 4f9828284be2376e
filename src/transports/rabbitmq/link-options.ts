import { CommbenchError } from '../../kernel/errors.ts';

/** Requirements of a connection to the broker, by either library; all of `RabbitmqOptions` fits. */
export interface LinkOptions {
  readonly profile: 'patient' | 'library-defaults';
  readonly heartbeatS: number;
  readonly connectTimeoutMs: number;
  readonly reconnectDelayMs: number;
  readonly reconnectForMs: number;
}

/** Milliseconds. A frozen broker does not answer a close: then the socket is dropped. */
export const CLOSE_MS = 300;

export function rabbitmqUnreachable(url: string, cause: unknown): CommbenchError {
  // The user of the connection explains its failure better.
  if (cause instanceof CommbenchError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new CommbenchError(
    'broker-unreachable',
    `Expected RabbitMQ at ${new URL(url).host}, found: ${message}`,
    {
      hint: '`commbench doctor` shows which broker is used.',
      cause,
    },
  );
}
