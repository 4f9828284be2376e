import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CommbenchError } from '../../kernel/errors.ts';
import { boundedBy } from '../../kernel/wait.ts';
import { programEndText, type Program, type ProgramEnd, type Spawner } from '../../kernel/program.ts';
import type { Hub, HubMessage, Peer } from '../ipc/hub.ts';
import { lastOutputOf, lastOutputText } from './last-output.ts';
import { cannotWrite } from './run-file.ts';

/** Time from start to hello; a busy machine starts processes five times slower than a quiet one. */
const HELLO_MS = 30_000;
/** Time to read what a process sent before it ended. */
const READ_MS = 100;

/** Resources of a run for the processes that talk with it. */
export interface ChildHost {
  readonly mark: string;
  readonly folder: string;
  readonly spawner: Spawner;
  readonly hub: Hub;
}

export interface ChildSpec {
  readonly name: string;
  /** Program file, by `entryFile`. */
  readonly entry: string;
  /** Its configuration, written to a file that is its only argument. */
  readonly settings: object;
  readonly graceMs: number;
}

/** A process of ours that talks on the hub. Disposing ends it. */
export interface Child extends AsyncDisposable {
  readonly program: Program;
  readonly peer: Peer;
  /** Rejects with its last output when the process ends, planned or not; never resolves. */
  readonly died: Promise<never>;
  /** Its next line of this type. @throws CommbenchError child-failed when it dies, fails or is silent past the bound */
  next(type: string, boundMs: number): Promise<HubMessage>;
}

/** Starts it and waits for its hello. @throws CommbenchError child-failed with its last output */
export async function startChild(host: ChildHost, spec: ChildSpec, signal: AbortSignal): Promise<Child> {
  const { name, entry, graceMs } = spec;
  const file = path.join(host.folder, `${name}.json`);
  const common = { version: 1, name, mark: host.mark, socketPath: host.hub.path };
  writeSettings(file, { ...common, ...spec.settings });
  using untilHello = boundedBy(signal, HELLO_MS);
  const hello = host.hub.expect(name, untilHello.signal);
  hello.catch(() => undefined);
  const program = await host.spawner.spawn({
    name,
    file: process.execPath,
    args: [entry, file],
    outputPath: path.join(host.folder, `${name}.log`),
    graceMs,
  });
  const died = program.ended.then((end): never => {
    throw new CommbenchError('child-failed', howChildEnded(program, end));
  });
  died.catch(() => undefined);
  const inTime = async <T>(wait: Promise<T>, what: string, boundMs: number): Promise<T> => {
    // Its last messages come by another way than its end, and may be read after it.
    const over = () => died.catch(() => delay(READ_MS)).then(() => died);
    try {
      return await Promise.race([wait, over()]);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof CommbenchError) throw error;
      const silent = `${name} did not send "${what}" within ${Math.round(boundMs / 1000)} s`;
      throw new CommbenchError('child-failed', `${silent}; ${outputOf(program)}`, { cause: error });
    }
  };
  try {
    const peer = await inTime(hello, 'hello', HELLO_MS);
    return {
      program,
      peer,
      died,
      async next(type, boundMs) {
        using bound = boundedBy(signal, boundMs);
        // Awaited here, as its bound ends with this function.
        return await inTime(peer.next(type, bound.signal), type, boundMs);
      },
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

/** The end of a child in words, with its last output. */
export function howChildEnded(program: Program, end: ProgramEnd): string {
  return `${program.name} ${programEndText(end)} before its work was over; ${outputOf(program)}`;
}

function outputOf({ outputPath }: Program): string {
  return lastOutputText(lastOutputOf(outputPath));
}
