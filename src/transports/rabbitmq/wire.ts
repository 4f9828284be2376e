import type { ConsumeMessage } from 'amqplib';
import { decodeEnvelope, encodeEnvelope, ENVELOPE_HEADER, tracedByName } from '../../kernel/envelope.ts';
import type { Incoming, Message } from '../../kernel/transport.ts';

/** The `type` of a reply; that of every other message is its operation. */
export const DONE = 'done';
export const FAILED = 'failed';

export const JSON_TYPE = 'application/json';

/** Properties of a caller's messages, by the names of either library. */
interface MessageHead {
  /** It returns if no queue takes it. */
  readonly mandatory: true;
  readonly contentType: string;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function propertiesOf({ operation, envelope }: Message): MessageHead {
  return {
    mandatory: true,
    contentType: JSON_TYPE,
    type: operation,
    headers: tracedByName({ [ENVELOPE_HEADER]: encodeEnvelope(envelope) }, envelope),
  };
}

export function contentOf(body: unknown): Buffer {
  return Buffer.from(JSON.stringify(body));
}

/** Undefined for a message that is not ours or cannot be read. */
export function parseIncoming({ properties, content, fields }: ConsumeMessage): Incoming | undefined {
  const text: unknown = properties.headers?.[ENVELOPE_HEADER];
  const operation: unknown = properties.type;
  const envelope = typeof text === 'string' ? decodeEnvelope(text) : undefined;
  if (!envelope || typeof operation !== 'string') return undefined;
  try {
    const body: unknown = JSON.parse(content.toString());
    return { operation, body, envelope, redelivered: fields.redelivered };
  } catch {
    return undefined;
  }
}
