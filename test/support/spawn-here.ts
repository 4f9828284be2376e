import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { nowNs } from '../../src/kernel/clock.ts';
import type { ProgramEnd, ProgramSpec, Spawner } from '../../src/kernel/program.ts';

/** Starts programs as direct children of the test, for what needs no reaper. */
export const spawnHere: Spawner = {
  async spawn(spec: ProgramSpec) {
    const output = openSync(spec.outputPath, 'a');
    const child = spawn(spec.file, spec.args, {
      env: spec.env,
      cwd: spec.cwd,
      detached: true,
      stdio: ['ignore', output, output],
    });
    await once(child, 'spawn');
    const ended = once(child, 'exit').then(([code, signal]): ProgramEnd => ({
      code,
      signal,
      atNs: nowNs(),
      forced: false,
    }));
    const signal = async (name: NodeJS.Signals) => void (child.exitCode ?? process.kill(-child.pid!, name));
    const stop = async () => {
      if (child.exitCode === null && child.signalCode === null) await signal('SIGTERM');
      return ended;
    };
    return {
      name: spec.name,
      pid: child.pid!,
      outputPath: spec.outputPath,
      ended,
      signal,
      stop,
      [Symbol.asyncDispose]: async () => void (await stop()),
    };
  },
};
