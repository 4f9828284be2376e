import { Worker } from 'node:worker_threads';
import { CommbenchError } from '../../kernel/errors.ts';
import type { ReadingAnswer, FromChoice, ReadingOrder } from './scenario-from.ts';
import { printable } from './write.ts';
import { writtenFrom } from './written-from.ts';

const { choice, ms } = JSON.parse(process.argv[2]!) as ReadingOrder;
endAfter(ms);
const answer = await answered(choice);
process.send?.(answer, () => process.disconnect?.());

/** By a thread of its own: a pattern that is matched for ever leaves this one no turn. */
function endAfter(limitMs: number): void {
  const script = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${limitMs})`;
  new Worker(script, { eval: true }).unref();
}

async function answered(asked: FromChoice): Promise<ReadingAnswer> {
  try {
    return await writtenFrom(asked);
  } catch (error) {
    if (error instanceof CommbenchError) {
      return { problem: { code: error.code, message: printable(error.message), hint: error.hint } };
    }
    // The stack's end: parsers and walks go as deep as the description.
    if (!(error instanceof RangeError)) return { defect: (error as Error).stack ?? String(error) };
    const message = `--from: ${asked.from} is nested too deeply`;
    return { problem: { code: 'bad-option', message, hint: undefined } };
  }
}
