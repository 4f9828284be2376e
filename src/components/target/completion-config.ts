import type { TargetOutlet } from '../../kernel/target-outlet.ts';
import type { CompletionSource } from '../../plan/completion-source.ts';

/**
 * Configuration of a completion listener: a JSON file, its only argument. The process ends when the socket of its hub
 * closes.
 */
export interface CompletionConfig {
  readonly version: 1;
  readonly name: string;
  /** The run's mark, which message ids carry. */
  readonly mark: string;
  readonly socketPath: string;
  readonly trial: number;
  readonly effectLogPath: string;
  /** Transport of the queue or topic. */
  readonly transport: string;
  readonly options: unknown;
  readonly outlet: TargetOutlet;
  readonly correlate: CompletionSource['correlate'];
}

/** Completion messages since the listener's start. */
export interface CompletionCounts {
  /** Of this trial: each is in the effect log. */
  readonly taken: number;
  /** Of earlier trials of this run. */
  readonly late: number;
  /** Without an id of this run in the expected header or field. */
  readonly uncorrelated: number;
}

/** A message of the listener over the socket, one JSON object per line. */
export type CompletionMessage =
  | { readonly type: 'hello'; readonly name: string; readonly mark: string; readonly pid: number }
  /** Sent when no later message can be missed. */
  | { readonly type: 'ready' }
  | { readonly type: 'counted'; readonly counts: CompletionCounts }
  | { readonly type: 'failed'; readonly message: string };

export interface CompletionOrder {
  readonly type: 'count';
}
