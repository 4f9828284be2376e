import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lineSplitter } from '../../src/platform/ipc/ndjson.ts';

/** A child program that says what it does, a word a line. Disposing kills it. */
export interface Talker extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly said: readonly string[];
  /** Resolves when it has said the word; rejects when it ends without. */
  says(word: string): Promise<void>;
  kill(): Promise<void>;
}

export function startTalker(file: string, ...args: string[]): Talker {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const said: string[] = [];
  const waiting = new Map<string, () => void>();
  child.stdout.setEncoding('utf8').on(
    'data',
    lineSplitter((word) => {
      said.push(word);
      waiting.get(word)?.();
    }),
  );
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    child,
    said,
    kill,
    async says(word) {
      if (said.includes(word)) return;
      const heard = new Promise<void>((resolve) => waiting.set(word, resolve));
      const silent = ended.then(() => {
        if (!said.includes(word)) throw new Error(`Expected "${word}", heard only: ${said.join(', ')}`);
      });
      await Promise.race([heard, silent]);
    },
    [Symbol.asyncDispose]: kill,
  };
}
