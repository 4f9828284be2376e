import { readMessageId } from '../../kernel/message-id.ts';
import type { OutMessage } from '../../kernel/target-outlet.ts';
import type { EffectWriter } from '../../measure/logs/effect-log.ts';
import type { CompletionConfig, CompletionCounts } from './completion-config.ts';

type Settings = Pick<CompletionConfig, 'mark' | 'trial' | 'correlate'>;

/** Number of trials that an id has bits for. */
const TRIALS = 0x1_0000;
/** The number of messages in hand of a user's own service is unknown. */
const CONCURRENT_UNKNOWN = 0;

/**
 * Enters each completion message into the effect log, as the effect of the sent message with its id, at the instant of
 * its receipt. Repetitions are entered too: the duplicates figure is based on them.
 */
export function openCompletionBook(
  { mark, trial, correlate }: Settings,
  log: Pick<EffectWriter, 'write'>,
  nowNs: () => number,
) {
  let taken = 0;
  let late = 0;
  let uncorrelated = 0;
  return {
    take(message: OutMessage): void {
      const atNs = nowNs();
      const text = textIn(message, correlate);
      const id = text === undefined ? undefined : readMessageId(mark, text);
      if (!id) uncorrelated++;
      else if (id.trial !== trial % TRIALS) late++;
      else {
        log.write({ ...id, trial, deadlineNs: 0 }, atNs, CONCURRENT_UNKNOWN);
        taken++;
      }
    },
    counts: (): CompletionCounts => ({ taken, late, uncorrelated }),
  };
}

function textIn({ header, content }: OutMessage, correlate: Settings['correlate']): string | undefined {
  if (correlate.header !== undefined) return header(correlate.header);
  const found = fieldOf(content, correlate.field ?? '');
  return typeof found === 'string' ? found : undefined;
}

/** @param path names separated by dots; a number is an index into a list */
function fieldOf(content: Buffer, path: string): unknown {
  let at: unknown;
  try {
    at = JSON.parse(content.toString());
  } catch {
    return undefined;
  }
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}
