import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Ground } from '../ground.ts';
import { expectIn, FIRST_LOAD, meet, type Moment, type RunPlan, scenarioOf, type Seen } from './moment.ts';

/** A small disk of its own, in memory. Disposing removes it, whatever still stands on it. */
function smallDisk(folder: string, megabytes: number): Disposable {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder]);
  return {
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const CHUNK = Buffer.alloc(64 * 1024);

/** Fills it to the last byte. */
function fill(folder: string): void {
  const fd = openSync(path.join(folder, 'filler'), 'w');
  try {
    for (let bytes = CHUNK.length; bytes >= 1; bytes = Math.floor(bytes / 2)) fillBy(fd, bytes);
  } finally {
    closeSync(fd);
  }
}

function fillBy(fd: number, bytes: number): void {
  try {
    for (;;) writeSync(fd, CHUNK, 0, bytes);
  } catch {
    // It takes no more of this size.
  }
}

const onDisk = ({ home }: Ground) => path.join(home, 'disk');

function full(
  id: string,
  megabytes: number,
  planOf: (disk: string) => Omit<RunPlan, 'act' | 'ends'>,
  tmp?: true,
): Moment {
  return {
    id,
    run(ground) {
      const disk = onDisk(ground);
      return withDisk(disk, megabytes, () =>
        meet(
          id,
          { ...planOf(disk), act: () => fill(disk), ends: [6] },
          tmp ? elsewhere(ground, disk) : ground,
        ),
      );
    },
  };
}

async function withDisk<T>(disk: string, megabytes: number, run: () => Promise<T>): Promise<T> {
  using _disk = smallDisk(disk, megabytes);
  // Awaited here, as the disk ends with this function.
  return await run();
}

/** Temporary files on that disk. */
function elsewhere(ground: Ground, disk: string): Ground {
  const tmp = path.join(disk, 't');
  mkdirSync(tmp);
  return { ...ground, tmp, state: path.join(tmp, path.basename(ground.state)) };
}

function oneMessage({ messages }: Seen): string[] {
  const more = messages.length === 1 ? [] : [`expected one message, found ${messages.length}`];
  return [...more, ...expectIn(messages, /No space left/, 'the messages')];
}

/** What was saved before is still there. */
function keepsTrials(most: number) {
  return (seen: Seen) => {
    const kept = seen.result?.trials.length ?? 0;
    return [...oneMessage(seen), ...(kept >= most ? [] : [`expected ${most} trials, found ${kept}`])];
  };
}

export const moments: readonly Moment[] = [
  full('disk of the result', 8, (disk) => ({
    scenario: scenarioOf('rest'),
    begins: /round 2 of 2: started[^]*baseline, \d/g,
    out: path.join(disk, 'moment.json'),
    check: keepsTrials(1),
  })),
  full(
    'disk of temporary files',
    96,
    () => ({
      scenario: scenarioOf('rest'),
      begins: FIRST_LOAD,
      check: oneMessage,
    }),
    true,
  ),
  full(
    'disk of temporary files, with a broker',
    160,
    () => ({
      scenario: scenarioOf('queue'),
      begins: /round 2 of 2: started/g,
      check: keepsTrials(1),
    }),
    true,
  ),
  {
    id: 'disk, limit on the size of files',
    run: (ground) =>
      meet(
        'disk, limit on the size of files',
        {
          scenario: scenarioOf('rest').replace('calls: 500', 'calls: 3000'),
          begins: /^1\/2 .*: started/gm,
          // In KiB. The effect log of the warm-up alone has 192 KiB.
          wrap: (command) => ['bash', '-c', 'ulimit -f 128; exec "$@"', 'bash', ...command],
          act: () => undefined,
          ends: [6],
          check: oneMessage,
        },
        ground,
      ),
  },
];
