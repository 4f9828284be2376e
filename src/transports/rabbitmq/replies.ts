import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { failureStatusOf } from '../../kernel/contract.ts';
import type { SendResult } from '../../kernel/transport.ts';
import { brokenReply, failedThere } from './failures.ts';
import { DONE, FAILED } from './wire.ts';

/** RabbitMQ's direct reply-to: without a queue, the broker passes replies to the requesting channel. */
export const REPLY_TO = 'amq.rabbitmq.reply-to';

/** The broker discards a request past its deadline; one that is already past it is left for the service to refuse. */
export function expiryOf(deadlineNs: number): { expiration?: string } {
  const leftMs = Math.ceil((deadlineNs - nowNs()) / NS_PER_MS);
  return leftMs > 0 ? { expiration: String(leftMs) } : {};
}

/** Represents a reply that is not JSON. */
export const NO_JSON = Symbol('not JSON');

export function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return NO_JSON;
  }
}

/** @param body parsed, or NO_JSON */
export function replyResultOf(type: unknown, body: unknown): SendResult {
  if (body === NO_JSON) return brokenReply('Expected JSON');
  if (type === DONE) return { kind: 'reply', body };
  if (type !== FAILED) return brokenReply(`Expected a reply, found the type ${String(type)}`);
  const { error, status, effect } = (body ?? {}) as { error?: unknown; status?: unknown; effect?: unknown };
  return { ...failedThere(String(error), effect === 'none'), answered: failureStatusOf(status) };
}
