import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../platform/process/find-program.ts';

const ANSWER_MS = 5000;

export type ComposeFound =
  | { readonly state: 'available'; readonly docker: string; readonly version: string }
  | { readonly state: 'missing'; readonly found: string; readonly hint: string };

/** Holds the port of this machine: set for a run's own container, and by whoever has another broker on the usual port. */
export function portVariable(name: string): string {
  return `COMMBENCH_${name.toUpperCase().replaceAll('-', '_')}_PORT`;
}

/** Whether docker compose could run a container now: both its client and an engine that answers. */
export async function findCompose(signal: AbortSignal): Promise<ComposeFound> {
  const docker = findProgram('docker');
  if (!docker)
    return { state: 'missing', found: 'docker is not installed', hint: 'Install Docker and start it.' };
  if ((await answer(docker, ['compose', 'version', '--short'], signal)) === undefined) {
    return { state: 'missing', found: 'docker has no compose', hint: "Install Docker's compose plugin." };
  }
  const version = await answer(docker, ['info', '--format', '{{.ServerVersion}}'], signal);
  if (version) return { state: 'available', docker, version };
  return {
    state: 'missing',
    found: 'no docker engine answers',
    hint: 'Start it: sudo systemctl start docker',
  };
}

async function answer(
  docker: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(docker, args, {
      signal,
      timeout: ANSWER_MS,
      killSignal: 'SIGKILL',
    });
    return stdout.trim();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    void error; // not installed, not running, not allowed: one and the same for us
    return undefined;
  }
}
