import { boundedBy, onAbort, untilAborted } from '../../kernel/wait.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { makeFolder } from '../make-folder.ts';
import { cacheFolder } from '../packages/cache-folder.ts';
import { PLUGINS_VARIABLE } from '../plugins.ts';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { entryFile } from './entry.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { lineSplitter } from '../ipc/ndjson.ts';
import { findByEnvironment, identify, isAlive, type ProcessIdentity } from './proc.ts';
import {
  type Appointment,
  programEndText,
  type Program,
  type ProgramEnd,
  type ProgramSpec,
  type SignalSeen,
  type Spawner,
} from '../../kernel/program.ts';
import { endProcesses } from './ending.ts';
import { lastOutputOf } from './last-output.ts';
import type { ProgramOrder, ReaperOrder, ReaperPlan, ReaperReply } from './reaper-protocol.ts';
import { addToRunFile, cannotWrite, MARK_VARIABLE, runFilePath } from './run-file.ts';

const GRACE_MS = 2000;
/** A reply of the reaper takes a millisecond; on a machine with 20 times its load, some hundred. */
const ANSWER_MS = 20_000;
/** Its own bounds add up to 11 s. */
const REAPER_END_MS = 15_000;
/** Bounds for children that we end ourselves after the loss of the reaper. */
const ORPHANS = { graceMs: 2000, boundMs: 5000 };
/** Variables that a program inherits from our environment: none but that of plugins could change a figure. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', PLUGINS_VARIABLE];

/** Starts programs through a reaper, so that they end whatever happens. Disposing ends all of them. */
export interface Supervisor extends Spawner, AsyncDisposable {
  readonly reaperPid: number;
  /**
   * Settles, with what was seen, when the reaper ended unasked. Its children are being ended then;
   * disposing waits for that.
   */
  readonly lost: Promise<string>;
}

export interface SupervisorOptions {
  readonly mark: string;
  /** The run's temporary folder; the reaper removes it at the very end, whatever the end was. */
  readonly folder: string;
  /** Once aborted, nothing is started any more. */
  readonly signal?: AbortSignal;
}

type Reaper = ChildProcess & { readonly stdin: Writable; readonly stdout: Readable };

/** Starts a reaper, in a session of its own: a Ctrl-C at the terminal does not reach it. */
export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  options.signal?.throwIfAborted();
  const reaper = spawnReaper(options);
  await once(reaper, 'spawn');
  record(options, reaper);
  return new ReapedSupervisor(options, reaper);
}

/** The supervisor records the reaper, so that even one that never got going is found. */
function record({ mark }: SupervisorOptions, reaper: Reaper): void {
  const file = runFilePath(mark);
  try {
    addToRunFile(file, { role: 'reaper', name: 'reaper', ...identify(reaper.pid!) });
  } catch (cause) {
    reaper.stdin.end();
    throw cannotWrite(file, cause);
  }
}

function spawnReaper({ mark, folder }: SupervisorOptions): Reaper {
  const plan: ReaperPlan = { mark, folder, runFile: runFilePath(mark) };
  const log = openLog(reaperLog(folder));
  try {
    return spawn(process.execPath, [entryFile(import.meta.url, './reaper'), JSON.stringify(plan)], {
      cwd: '/',
      env: { ...inheritedEnvironment(), ...compileCache() },
      detached: true,
      stdio: ['pipe', 'pipe', log],
    }) as Reaper;
  } finally {
    closeSync(log);
  }
}

function openLog(file: string): number {
  try {
    return openSync(file, 'a', 0o600);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

function reaperLog(folder: string): string {
  return path.join(folder, 'reaper.log');
}

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Node's cache of compiled code: without it, every start pays 60 ms or more again. */
function compileCache(): Record<string, string> {
  const folder = process.env['NODE_COMPILE_CACHE'] ?? path.join(cacheFolder(), 'compiled');
  try {
    makeFolder(folder, 0o700);
    return { NODE_COMPILE_CACHE: folder };
  } catch {
    // Node would try for minutes where no folder can be made, as in /proc.
    return {};
  }
}

/** A program as its supervisor knows it. */
interface Owned {
  /** Unknown until the reaper has answered. */
  identity: ProcessIdentity | undefined;
  readonly end: PromiseWithResolvers<ProgramEnd>;
}

class ReapedSupervisor implements Supervisor {
  readonly reaperPid: number;
  readonly lost: Promise<string>;
  readonly #options: SupervisorOptions;
  readonly #reaper: Reaper;
  readonly #owned = new Map<number, Owned>();
  readonly #answers = new Map<number, PromiseWithResolvers<ReaperReply>>();
  readonly #lost = Promise.withResolvers<string>();
  /** The reaper's pipes are closed, and its children are dealt with. */
  readonly #over: Promise<void>;
  #orders = 0;
  #disposing = false;
  /** Set once the reaper accepts no more orders. */
  #gone: string | undefined;

  constructor(options: SupervisorOptions, reaper: Reaper) {
    this.#options = options;
    this.#reaper = reaper;
    this.reaperPid = reaper.pid!;
    this.lost = this.#lost.promise;
    // A dead reaper is noticed by its end; that its pipe is closed is no news.
    reaper.stdin.on('error', () => {});
    reaper.stdout.setEncoding('utf8').on(
      'data',
      lineSplitter((line) => this.#take(JSON.parse(line) as ReaperReply)),
    );
    this.#over = once(reaper, 'close').then(([code, signal]) => this.#reaperEnded(code, signal));
  }

  async spawn(spec: ProgramSpec): Promise<Program> {
    this.#options.signal?.throwIfAborted();
    const n = ++this.#orders;
    // Before the order: its start and its end may arrive together.
    const owned: Owned = { identity: undefined, end: Promise.withResolvers() };
    this.#owned.set(n, owned);
    const answer = await this.#ask({ type: 'spawn', n, program: this.#order(spec) });
    if (answer.type === 'refused') {
      this.#owned.delete(n);
      throw notStarted(spec, answer);
    }
    return this.#program(n, spec, owned.identity!.pid, owned.end.promise);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposing = true;
    this.#reaper.stdin.end();
    // It may have been stopped.
    this.#reaper.kill('SIGCONT');
    const late = setTimeout(() => this.#reaper.kill('SIGKILL'), REAPER_END_MS);
    await this.#over;
    clearTimeout(late);
  }

  #order({ name, file, args, env, cwd, outputPath, graceMs }: ProgramSpec): ProgramOrder {
    const { mark, folder } = this.#options;
    return {
      name,
      file,
      args,
      env: {
        ...inheritedEnvironment(),
        ...(file === process.execPath && compileCache()),
        ...env,
        [MARK_VARIABLE]: mark,
      },
      cwd: cwd ?? folder,
      outputPath,
      graceMs: graceMs ?? GRACE_MS,
    };
  }

  #program(
    id: number,
    { name, outputPath, graceMs }: ProgramSpec,
    pid: number,
    ended: Promise<ProgramEnd>,
  ): Program {
    const stop = async (): Promise<ProgramEnd> => {
      if (this.#gone === undefined) this.#send({ type: 'stop', n: ++this.#orders, id });
      return within(ended, (graceMs ?? GRACE_MS) + ANSWER_MS, `${name} to end`);
    };
    return {
      name,
      pid,
      outputPath,
      ended,
      signal: (signal, at) => this.#signal(id, signal, at),
      stop,
      [Symbol.asyncDispose]: async () => void (await stop()),
    };
  }

  async #signal(id: number, signal: NodeJS.Signals, at?: Appointment): Promise<SignalSeen | undefined> {
    if (at?.cancel.aborted) return undefined;
    const n = ++this.#orders;
    const waitMs = at === undefined ? 0 : Math.max(0, (at.atNs - nowNs()) / NS_PER_MS);
    using _listener = onAbort(at?.cancel, () => this.#send({ type: 'cancel', n: ++this.#orders, order: n }));
    const answer = await this.#ask({ type: 'signal', n, id, signal, atNs: at?.atNs ?? null }, waitMs);
    return answer.type === 'signalled' ? (answer.seen ?? undefined) : undefined;
  }

  /** The wait for the answer is registered before the order is sent. */
  async #ask(order: ReaperOrder, waitMs = 0): Promise<ReaperReply> {
    if (this.#gone !== undefined) throw reaperLost(this.#gone);
    const answer = Promise.withResolvers<ReaperReply>();
    this.#answers.set(order.n, answer);
    this.#send(order);
    return within(answer.promise, waitMs + ANSWER_MS, `the reaper to answer "${order.type}"`);
  }

  #send(order: ReaperOrder): void {
    this.#reaper.stdin.write(`${JSON.stringify(order)}\n`);
  }

  #take(reply: ReaperReply): void {
    if (reply.type === 'ending') {
      if (!this.#disposing) this.#lost.resolve(`the reaper (pid ${this.reaperPid}) got a ${reply.signal}`);
      return;
    }
    if (reply.type === 'ended') {
      this.#owned.get(reply.id)?.end.resolve(reply.end);
      this.#owned.delete(reply.id);
      return;
    }
    if (reply.type === 'spawned') {
      const owned = this.#owned.get(reply.n);
      if (owned) owned.identity = { pid: reply.pid, startTicks: reply.startTicks ?? undefined };
    }
    this.#answers.get(reply.n)?.resolve(reply);
    this.#answers.delete(reply.n);
  }

  async #reaperEnded(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const how = programEndText({ code, signal });
    const words = lastOutputOf(reaperLog(this.#options.folder));
    this.#gone = `the reaper (pid ${this.reaperPid}) ${how}${words ? `; its last output: ${words}` : ''}`;
    if (!this.#disposing) this.#lost.resolve(this.#gone);
    for (const answer of this.#answers.values()) answer.reject(reaperLost(this.#gone));
    this.#answers.clear();
    await this.#endOrphans();
  }

  /** Children that the reaper was to end, and did end unless it was killed. */
  async #endOrphans(): Promise<void> {
    const known = [...this.#owned.values()].flatMap(({ identity }) => identity ?? []);
    const left = await endProcesses(
      () => [...known.filter(isAlive), ...findByEnvironment(MARK_VARIABLE, this.#options.mark)],
      ORPHANS,
    );
    for (const { end } of this.#owned.values()) {
      // The exit is unknown, as none of our processes could wait for it.
      end.resolve({ code: null, signal: null, atNs: nowNs(), forced: left.length > 0 });
    }
    this.#owned.clear();
  }
}

function notStarted(
  { name, file, cwd }: ProgramSpec,
  why: { code: string; message: string },
): CommbenchError {
  const found = why.code === 'unknown' ? why.message : `${why.code} (${why.message})`;
  const where = cwd === undefined ? '' : ` in ${cwd}`;
  return new CommbenchError('child-failed', `${name} could not be started by ${file}${where}: ${found}`);
}

function reaperLost(why: string): CommbenchError {
  return new CommbenchError('reaper-lost', `The reaper ended during the run: ${why}`, {
    hint: 'Everything that it had started is ended. Run the command again.',
  });
}

/** What bounds these waits is their time alone. */
const NEVER = new AbortController().signal;

async function within<T>(promise: Promise<T>, boundMs: number, what: string): Promise<T> {
  using bound = boundedBy(NEVER, boundMs);
  try {
    return await untilAborted(promise, bound.signal);
  } catch (error) {
    if (!bound.signal.aborted) throw error;
    throw new CommbenchError('reaper-lost', `Expected ${what} within ${boundMs / 1000} s`);
  }
}
