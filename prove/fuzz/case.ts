import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { executeCommand } from '../../src/commands/execute-command.ts';
import { printError } from '../../src/commands/terminal/print-error.ts';
import { KINDS, type Kind, readBase } from './bases.ts';
import { drawCase, mutated } from './mutate.ts';

/** A file that was changed at random, and a command that reads it. */
export interface FuzzCase {
  readonly id: number;
  readonly kind: Kind['name'];
  readonly base: string;
  readonly file: Uint8Array;
  readonly extension: string;
  args(file: string, folder: string): readonly string[];
}

/** The same numbers give the same case, on any machine. */
export function caseOf(seed: number, id: number): FuzzCase {
  const { name, bases, ways, extension } = KINDS[id % KINDS.length]!;
  const drawn = drawCase(createHash('sha256').update(`${seed}:${id}`).digest().readInt32BE(0));
  const base = bases[Math.floor(drawn.base * bases.length)]!;
  const way = ways[Math.floor(drawn.way * ways.length)]!;
  return {
    id,
    kind: name,
    base: path.basename(base),
    file: mutated(readBase(base), drawn.mutations, extension === '.json'),
    extension,
    args: (file, folder) => way(file, folder),
  };
}

/** What a case came to. */
export interface Outcome {
  readonly id: number;
  readonly kind: Kind['name'];
  readonly code: number;
  /** CPU time, which other programs do not lengthen. */
  readonly cpuMs: number;
  /** What is wrong with it; empty: nothing. */
  readonly problems: readonly string[];
}

/** Runs a case in this process, as the command line would. */
export async function runCase(one: FuzzCase, folder: string): Promise<Outcome> {
  const file = path.join(folder, `case${one.extension}`);
  writeFileSync(file, one.file);
  const before = process.cpuUsage();
  const { code, stdout, stderr } = await commandInside(one.args(file, folder));
  const { user, system } = process.cpuUsage(before);
  const cpuMs = Math.round((user + system) / 1000);
  return { id: one.id, kind: one.kind, code, cpuMs, problems: problemsOf(code, stdout, stderr, file) };
}

const exitCode = () => Number(process.exitCode ?? 0);

async function commandInside(args: readonly string[]) {
  const text = { stdout: '', stderr: '' };
  const streamOf = (name: keyof typeof text) =>
    ({ write: (more: string) => (text[name] += more) !== '' }) as unknown as NodeJS.WriteStream;
  const context = { stdout: streamOf('stdout'), stderr: streamOf('stderr'), env: {} };
  process.exitCode = undefined;
  try {
    await executeCommand(context, args);
    return { code: exitCode(), ...text };
  } catch (error) {
    return { code: printError(context, error), ...text };
  } finally {
    process.exitCode = undefined;
  }
}

/** Read and shown, compared, or refused as bad input; never a defect, nor the fault of this machine. */
const EXPECTED_CODES = [0, 2, 10, 11, 12];
/** One message of at most 4 kB, its hint, and the path of the file. */
const LONGEST_MESSAGE = 5000;
/** What steers a terminal or hides text. */
// oxlint-disable-next-line no-control-regex -- they are looked for
const STEERING = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** What GitHub's runner takes for a command. */
const COMMAND = /^\s*::[a-z]|##\[/im;

function problemsOf(code: number, stdout: string, stderr: string, file: string): string[] {
  const problems: string[] = [];
  const expect = (isRight: boolean, problem: string) => void (isRight || problems.push(problem));
  expect(EXPECTED_CODES.includes(code), `exit code ${code}: ${stderr.slice(0, 1500)}`);
  for (const [name, text] of Object.entries({ stdout, stderr })) {
    expect(!STEERING.test(text), `${name} steers a terminal: ${JSON.stringify(around(text, STEERING))}`);
    expect(!COMMAND.test(text), `${name} commands a runner: ${JSON.stringify(around(text, COMMAND))}`);
  }
  if (code === 2) {
    const heads = stderr.match(/^commbench: /gm) ?? [];
    expect(heads.length === 1, `${heads.length} messages: ${stderr.slice(0, 500)}`);
    expect(
      stderr.includes(path.basename(file)) || stderr.includes('--max-time'),
      `no place: ${stderr.slice(0, 500)}`,
    );
    expect(/^ {2}→ \S/m.test(stderr), `no hint: ${stderr.slice(0, 500)}`);
    expect(stderr.length <= LONGEST_MESSAGE, `${stderr.length} characters of message`);
    expect(stdout === '', `beside the refusal: ${stdout.slice(0, 200)}`);
  }
  return problems;
}

function around(text: string, what: RegExp): string {
  const at = text.search(what);
  return text.slice(Math.max(0, at - 60), at + 60);
}
