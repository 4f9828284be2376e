import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommbenchError } from '../../kernel/errors.ts';
import type { Program } from '../../kernel/program.ts';
import type { HubLine, Peer } from '../../platform/ipc/hub.ts';
import { lastWords } from '../../platform/process/last-words.ts';
import { cannotWrite } from '../../platform/process/run-file.ts';
import type { Rig } from './rig.ts';

/** From its start to its hello; a busy machine starts five times slower than a quiet one. */
const HELLO_MS = 30_000;

export interface ChildSpec {
  readonly name: string;
  /** Program file, by `entryFile`. */
  readonly entry: string;
  /** What it is to do, written to a file that is its only argument. */
  readonly settings: object;
  readonly graceMs: number;
}

/** A process of ours that talks on the hub: a service or the generator. Disposing ends it. */
export interface Child extends AsyncDisposable {
  readonly program: Program;
  readonly peer: Peer;
  /** Rejects with its last words when the process ends, whoever planned it; never resolves. */
  readonly died: Promise<never>;
  /** Its next line of this type. @throws CommbenchError child-failed when it dies, fails or is silent past the bound */
  next(type: string, boundMs: number): Promise<HubLine>;
}

/** Starts it and waits for its hello. @throws CommbenchError child-failed with its last words */
export async function startChild(rig: Rig, spec: ChildSpec, signal: AbortSignal): Promise<Child> {
  const { name, entry, graceMs } = spec;
  const file = path.join(rig.folder, `${name}.json`);
  const common = { version: 1, name, mark: rig.mark, socketPath: rig.hub.path };
  writeSettings(file, { ...common, ...spec.settings });
  const hello = rig.hub.expect(name, AbortSignal.any([signal, AbortSignal.timeout(HELLO_MS)]));
  hello.catch(() => undefined);
  const program = await rig.spawner.spawn({
    name,
    file: process.execPath,
    args: [entry, file],
    outputPath: path.join(rig.folder, `${name}.log`),
    graceMs,
  });
  const died = program.ended.then((end): never => {
    const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
    throw childFailed(`${name} ${how} before its work was over`, program);
  });
  died.catch(() => undefined);
  const inTime = async <T>(wait: Promise<T>, what: string, boundMs: number): Promise<T> => {
    try {
      return await Promise.race([wait, died]);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof CommbenchError) throw error;
      throw childFailed(
        `${name} did not say "${what}" within ${Math.round(boundMs / 1000)} s`,
        program,
        error,
      );
    }
  };
  try {
    const peer = await inTime(hello, 'hello', HELLO_MS);
    return {
      program,
      peer,
      died,
      next: (type, boundMs) =>
        inTime(
          peer.next(type, AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(boundMs))])),
          type,
          boundMs,
        ),
      [Symbol.asyncDispose]: async () => void (await program.stop()),
    };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** @throws CommbenchError disk-full, cannot-write: it ends the run, as no further trial could be started either */
function writeSettings(file: string, settings: object): void {
  try {
    writeFileSync(file, JSON.stringify(settings));
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

/** The error of a child that failed its trial, with its own last words. */
function childFailed(what: string, program: Program, cause?: unknown): CommbenchError {
  const words = lastWords(program.outputPath);
  const said = words ? `its last words: ${words}` : 'it said nothing';
  return new CommbenchError('child-failed', `${what}; ${said}`, { cause });
}
