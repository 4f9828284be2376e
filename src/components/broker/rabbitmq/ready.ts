import path from 'node:path';
import { type Speaker, untilReady } from '../../../platform/process/until-ready.ts';
import { lastWords } from '../../../platform/process/last-words.ts';
import { proveReady } from './connection.ts';

/** It speaks to its log; what it says before it has one, to its output. */
export const speaker: Speaker = {
  title: 'RabbitMQ',
  lastWords: ({ outputPath }) =>
    lastWords(outputPath) || lastWords(path.join(path.dirname(outputPath), 'log/rabbit.log')),
};

/** Asks until the broker confirms a message. @returns its version */
export function untilConfirmed(url: string, signal: AbortSignal): Promise<string> {
  return untilReady((s) => proveReady(url, s), signal);
}
