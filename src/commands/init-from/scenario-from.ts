import { fork } from 'node:child_process';
import { once } from 'node:events';
import { CommbenchError, type ErrorCode } from '../../kernel/errors.ts';
import { entryFile } from '../../platform/process/entry.ts';

export interface FromChoice {
  /** OpenAPI 2.0 to 3.2 (YAML, JSON) or a .proto. */
  readonly from: string;
  /** Names of operations; none: the first one that can be driven. */
  readonly operations: readonly string[];
  /** Folders of imports of a .proto. */
  readonly include: readonly string[];
  /** Of the service, in place of what the description says. */
  readonly url?: string | undefined;
  /** File of the certificate authority that has signed the service's certificate. */
  readonly ca?: string | undefined;
  /** True: one pattern whose arrivals are shared out to the operations, in place of a pattern each. */
  readonly mix?: boolean | undefined;
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

/** What the process that reads a description is asked, and answers, once. */
export interface ReadingOrder {
  readonly choice: FromChoice;
  /** Its time; it ends by itself, as whoever started it may be gone by then. */
  readonly ms: number;
}
export type ReadingAnswer =
  | WrittenScenario
  | {
      readonly problem: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly hint: string | undefined;
      };
    }
  /** A stack. */
  | { readonly defect: string };

/** Bounds of one reading: descriptions of thousands of operations stay far below them. */
interface Limits {
  readonly ms: number;
  readonly mb: number;
}
const LIMITS: Limits = { ms: 60_000, mb: 1024 };

/**
 * The scenario for operations of a description. It is read in a process of its own, whose time and memory are bounded: a
 * small description may describe what is without end, and a pattern may take for ever to match. A thread would take this
 * process with it when its memory ends.
 * @throws CommbenchError bad-option
 */
export async function scenarioFrom(choice: FromChoice, limits: Limits = LIMITS): Promise<WrittenScenario> {
  const order: ReadingOrder = { choice, ms: limits.ms };
  const reader = fork(entryFile(import.meta.url, './reader'), [JSON.stringify(order)], {
    execArgv: [`--max-old-space-size=${limits.mb}`],
    // Its output is not shown: it would be that of libraries, on what is reported here.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const answered = once(reader, 'message').then(([answer]) => answer as ReadingAnswer);
  const ended = once(reader, 'exit').then(([, signal]) =>
    endedWithout(choice.from, signal as string | null, limits),
  );
  const answer = await Promise.race([answered, ended]).finally(() => reader.kill('SIGKILL'));
  if ('text' in answer) return answer;
  if ('defect' in answer) throw new Error(answer.defect);
  const { code, message, hint } = answer.problem;
  throw new CommbenchError(code, message, hint === undefined ? {} : { hint });
}

/** The reader ends itself with SIGKILL when its time is over; V8 aborts it when its memory is used up. */
function endedWithout(from: string, signal: string | null, { ms, mb }: Limits): ReadingAnswer {
  const limit = signal === 'SIGKILL' ? `${ms / 1000} s` : `${mb} MB of memory`;
  const message = `--from: reading ${from} takes more than ${limit}`;
  const hint =
    'Its schemas or patterns grow without end, or it is very large. --operation NAME reads a single operation.';
  return { problem: { code: 'bad-option', message, hint } };
}
