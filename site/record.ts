import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `node site/record.ts NAME ARGUMENT ...`: runs `commbench ARGUMENT ...` in a real terminal of 120 × 40 and keeps what it
 * showed, with its times, as docs/recordings/NAME.cast (asciicast version 2).
 */
const SIZE = { width: 120, height: 40 };
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const [name, ...args] = process.argv.slice(2);
if (!name || args.length === 0) {
  console.error('record: expected NAME ARGUMENT ..., for example: quick run quick');
  process.exit(2);
}
const folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-recording-'));
try {
  const cast = recorded(args, folder);
  mkdirSync(path.join(ROOT, 'docs/recordings'), { recursive: true });
  writeFileSync(path.join(ROOT, 'docs/recordings', `${name}.cast`), cast);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** With util-linux's script, which writes a line `seconds bytes` for each piece of output. */
function recorded(words: readonly string[], scratch: string): string {
  const [output, timing] = ['output', 'timing'].map((file) => path.join(scratch, file)) as [string, string];
  const program = [process.execPath, path.join(ROOT, 'src/cli.ts'), ...words, '--out', `${name}.json`];
  const command = `stty cols ${SIZE.width} rows ${SIZE.height}; exec ${program.map(quoted).join(' ')}`;
  const { status } = spawnSync('script', ['-qec', command, '--log-out', output, '--log-timing', timing], {
    cwd: scratch,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TERM: 'xterm-256color', SHELL: '/bin/sh', npm_command: 'exec' },
  });
  if (status !== 0) throw new Error(`Expected exit code 0, found ${status}`);
  return castOf(readFileSync(output), readFileSync(timing, 'utf8'), words);
}

function castOf(output: Buffer, timing: string, words: readonly string[]): string {
  const bytes = output.subarray(output.indexOf('\n') + 1);
  // A file elsewhere on this machine is nobody's but its name.
  const shown = words.map((word) => (path.isAbsolute(word) ? path.basename(word) : word));
  const title = `npx commbench ${shown.join(' ')}`;
  const events: string[] = [JSON.stringify([0, 'o', `$ ${title}\r\n`])];
  const decoder = new TextDecoder();
  let [seconds, at] = [0, 0];
  for (const line of timing.trim().split('\n')) {
    const [pause, count] = line.split(' ').map(Number) as [number, number];
    seconds += pause;
    const text = decoder.decode(bytes.subarray(at, at + count), { stream: true });
    at += count;
    events.push(JSON.stringify([Number(seconds.toFixed(3)), 'o', text]));
  }
  return `${JSON.stringify({ version: 2, ...SIZE, title })}\n${events.join('\n')}\n`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
