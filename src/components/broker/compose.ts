import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../platform/process/find-program.ts';

const ANSWER_MS = 5000;

export type ComposeFound =
  | { readonly state: 'available'; readonly docker: string; readonly version: string }
  | { readonly state: 'missing'; readonly found: string; readonly hint: string };

/** Variable for the port on this machine: set for a run's own container, or by a user whose usual port is taken. */
export function portVariable(name: string): string {
  return `COMMBENCH_${name.toUpperCase().replaceAll('-', '_')}_PORT`;
}

/** Whether docker compose could run a container now: its client exists and an engine responds. */
export async function findCompose(signal: AbortSignal): Promise<ComposeFound> {
  const docker = findProgram('docker');
  if (!docker)
    return { state: 'missing', found: 'docker is not installed', hint: 'Install Docker and start it.' };
  if ((await answer(docker, ['compose', 'version', '--short'], signal)) === undefined) {
    return {
      state: 'missing',
      found: 'docker compose is not installed',
      hint: "Install Docker's compose plugin.",
    };
  }
  const version = await answer(docker, ['info', '--format', '{{.ServerVersion}}'], signal);
  if (version) return { state: 'available', docker, version };
  return {
    state: 'missing',
    found: 'no docker engine responds',
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
    void error; // not installed, not running and not allowed are equivalent here
    return undefined;
  }
}
