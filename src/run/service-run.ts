import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { entryFile } from '../kernel/entry.ts';
import { CommbenchError } from '../kernel/errors.ts';
import type { Program } from '../kernel/program.ts';
import type { Address } from '../kernel/transport.ts';
import type { FaultTarget } from '../faults/fault.ts';
import type { ServiceConfig } from '../services/config.ts';
import { lastWords } from '../services/last-words.ts';
import type { Rig } from './rig.ts';

const READY_MS = 30_000;

/** A service process under our hand: it can be signalled, and started again at the same address. */
export interface RunningService extends FaultTarget, AsyncDisposable {
  readonly address: Address;
  readonly pid: number;
  /** Rejects when the process ends although nobody planned it; never resolves. */
  readonly lost: Promise<never>;
}

type Settings = Omit<ServiceConfig, 'version' | 'mark' | 'socketPath'>;

/** Starts a service and waits until it is ready. @throws CommbenchError child-failed with its last words */
export async function startService(
  rig: Rig,
  settings: Settings,
  signal: AbortSignal,
): Promise<RunningService> {
  let incarnation = 0;
  let expectedEnd: Program | undefined;
  const { promise: lost, reject } = Promise.withResolvers<never>();
  lost.catch(() => undefined);

  const start = async (address: Address | null) => {
    const name = incarnation++ === 0 ? settings.name : `${settings.name}-again${incarnation - 1}`;
    const started = await startOnce(rig, { ...settings, name, address }, signal);
    void started.program.ended.then((end) => {
      if (expectedEnd === started.program || signal.aborted) return;
      const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
      reject(childFailed(`the service ${name} ${how} in mid-trial`, started.program));
    });
    return started;
  };

  let current = await start(settings.address);
  return {
    name: settings.name,
    address: current.address,
    get pid() {
      return current.program.pid;
    },
    lost,
    async signal(sig) {
      if (sig === 'SIGKILL') expectedEnd = current.program;
      await current.program.signal(sig);
    },
    async ended() {
      await current.program.ended;
    },
    async restart() {
      current = await start(current.address);
    },
    async [Symbol.asyncDispose]() {
      expectedEnd = current.program;
      await current.program.stop();
    },
  };
}

async function startOnce(rig: Rig, settings: Settings, signal: AbortSignal) {
  const config: ServiceConfig = { version: 1, mark: rig.mark, socketPath: rig.hub.path, ...settings };
  const configPath = path.join(rig.folder, `${settings.name}.json`);
  writeFileSync(configPath, JSON.stringify(config));
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
  const expected = rig.hub.expect(settings.name, bounded);
  expected.catch(() => undefined);
  const program = await rig.spawner.spawn({
    name: settings.name,
    file: process.execPath,
    args: [entryFile(import.meta.url, '../services/service'), configPath],
    outputPath: path.join(rig.folder, `${settings.name}.log`),
    graceMs: 2000,
  });
  try {
    const peer = await Promise.race([expected, diedEarly(program)]);
    const line = await Promise.race([peer.next('ready', bounded), diedEarly(program)]);
    return { program, address: line['address'] as Address };
  } catch (error) {
    await program.stop();
    if (signal.aborted) throw signal.reason;
    if (error instanceof CommbenchError) throw error;
    throw childFailed(
      `the service ${settings.name} was not ready after ${READY_MS / 1000} s`,
      program,
      error,
    );
  }
}

async function diedEarly(program: Program): Promise<never> {
  const end = await program.ended;
  const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
  throw childFailed(`${program.name} ${how} before it was ready`, program);
}

/** The error of a child that failed its trial, with its own last words. */
export function childFailed(what: string, program: Program, cause?: unknown): CommbenchError {
  const words = lastWords(program.outputPath);
  return new CommbenchError(
    'child-failed',
    words ? `${what}; its last words: ${words}` : `${what}; it said nothing`,
    {
      cause,
    },
  );
}
