import { failureStatusOf, type Handled } from '../../kernel/contract.ts';
import { decodeEnvelope, encodeEnvelope, ENVELOPE_HEADER, tracedByName } from '../../kernel/envelope.ts';
import type { Incoming, Message, SendResult } from '../../kernel/transport.ts';
import { notSure } from './failures.ts';
import type { InRecord, OutRecord } from './links/link.ts';

/** Headers of a record besides the envelope. */
const OPERATION_HEADER = 'x-operation';
const CORRELATION_HEADER = 'x-correlation-id';
const REPLY_TO_HEADER = 'x-reply-to';

/** Destination of an answer. */
export interface ReplyTo {
  readonly topic: string;
  readonly correlation: string;
}

/** Records of one key share a partition, and so their order. */
export function kafkaRecordOf(topic: string, message: Message, replyTo?: ReplyTo): OutRecord {
  return {
    topic,
    key: String(message.envelope.key),
    value: Buffer.from(JSON.stringify(message.body)),
    headers: tracedByName(
      {
        [ENVELOPE_HEADER]: encodeEnvelope(message.envelope),
        [OPERATION_HEADER]: message.operation,
        ...(replyTo ? { [REPLY_TO_HEADER]: replyTo.topic, [CORRELATION_HEADER]: replyTo.correlation } : {}),
      },
      message.envelope,
    ),
  };
}

/** Undefined for a record that is not ours or cannot be read. Kafka does not mark redelivered records. */
export function incomingOf(record: InRecord): Incoming | undefined {
  const operation = record.header(OPERATION_HEADER);
  const envelope = decodeEnvelope(record.header(ENVELOPE_HEADER) ?? '');
  if (!envelope || operation === undefined) return undefined;
  const body = parse(record.value);
  return body && { operation, body: body.value, envelope, redelivered: false };
}

export function replyToOf(record: InRecord): ReplyTo | undefined {
  const topic = record.header(REPLY_TO_HEADER);
  const correlation = record.header(CORRELATION_HEADER);
  return topic === undefined || correlation === undefined ? undefined : { topic, correlation };
}

export function replyRecordOf({ topic, correlation }: ReplyTo, handled: Handled): OutRecord {
  return {
    topic,
    key: correlation,
    value: Buffer.from(JSON.stringify(handled)),
    headers: { [CORRELATION_HEADER]: correlation },
  };
}

export function correlationOf(record: InRecord): string | undefined {
  return record.header(CORRELATION_HEADER);
}

/** The service's answer, as the caller receives it. */
export function replyOf(record: InRecord): SendResult {
  const handled = parse(record.value)?.value as Partial<Handled> | undefined;
  if (handled?.kind === 'done') return { kind: 'reply', body: handled.body };
  if (handled?.kind !== 'failed') return notSure('contract-broken', 'The reply could not be read');
  const { status, noEffect, detail } = handled;
  return {
    kind: 'failure',
    outcome: 'error',
    noEffect: noEffect === true,
    status: 0,
    answered: failureStatusOf(status),
    detail: `${status}: ${detail}`,
  };
}

function parse(value: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(value.toString()) };
  } catch {
    return undefined;
  }
}
