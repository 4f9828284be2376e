import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CommbenchError, systemCode } from '../../kernel/errors.ts';
import { entryFile } from '../../platform/process/entry.ts';
import type { Answer } from './reader.ts';

export interface FromChoice {
  /** OpenAPI 2.0 to 3.2 (YAML, JSON) or a .proto. */
  readonly from: string;
  /** Names of operations; none: the first one that can be driven. */
  readonly operations: readonly string[];
  /** Folders of imports of a .proto. */
  readonly include: readonly string[];
  /** The file that will be written. */
  readonly file: string;
  readonly name: string;
}

export interface WrittenScenario {
  readonly text: string;
  /** Names of the operations that it drives. */
  readonly calls: readonly string[];
  /** What does not fit the description. */
  readonly warnings: readonly string[];
}

/** Bounds of one reading: descriptions of thousands of operations stay far below them. */
interface Limits {
  readonly ms: number;
  readonly mb: number;
}
const LIMITS: Limits = { ms: 60_000, mb: 1024 };

/**
 * The scenario for operations of a description. It is read in a thread of its own, whose time and memory are bounded: a
 * small description may describe what is without end, and a pattern may take for ever to match.
 * @throws CommbenchError bad-option
 */
export async function scenarioFrom(choice: FromChoice, limits: Limits = LIMITS): Promise<WrittenScenario> {
  // Its output is not shown: it would be that of libraries, on what is reported here.
  const worker = new Worker(entryFile(import.meta.url, './reader'), {
    workerData: choice,
    resourceLimits: { maxOldGenerationSizeMb: limits.mb },
    stdout: true,
    stderr: true,
  });
  try {
    const [answer] = (await once(worker, 'message', { signal: AbortSignal.timeout(limits.ms) })) as [Answer];
    if ('text' in answer) return answer;
    const { code, message, hint } = answer.problem;
    throw new CommbenchError(code, message, hint === undefined ? {} : { hint });
  } catch (error) {
    const limit = limitOf(error, limits);
    if (limit === undefined) throw error;
    throw new CommbenchError('bad-option', `--from: reading ${choice.from} takes more than ${limit}`, {
      hint: 'Its schemas or patterns grow without end, or it is very large. --operation NAME reads a single operation.',
    });
  } finally {
    await worker.terminate();
  }
}

function limitOf(error: unknown, { ms, mb }: Limits): string | undefined {
  if (systemCode(error) === 'ABORT_ERR') return `${ms / 1000} s`;
  return systemCode(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? `${mb} MB of memory` : undefined;
}
