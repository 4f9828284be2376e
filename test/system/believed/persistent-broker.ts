import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../../../src/platform/packages/cache-folder.ts';
import { commbench } from '../../support/cli.ts';

/** A persistent RabbitMQ by `commbench up`, in a cache of its own with the user's packages. Disposing is `down`. */
export interface PersistentForTests extends Disposable {
  /** For commands that are to find it. */
  readonly env: { readonly XDG_CACHE_HOME: string };
  readonly pids: readonly number[];
  /** The users that it counts; undefined: it is gone. */
  users(): number | undefined;
}

interface Status {
  readonly brokers: readonly { readonly pids: readonly number[]; readonly users: number }[];
}

export function upForTests(): PersistentForTests {
  const cache = mkdtempSync(path.join(tmpdir(), 'cbup-'));
  mkdirSync(path.join(cache, 'commbench'));
  symlinkSync(path.join(cacheFolder(), 'brokers'), path.join(cache, 'commbench/brokers'));
  const env = { XDG_CACHE_HOME: cache };
  const up = commbench(['up', 'rabbitmq'], { env });
  if (up.code !== 0) throw new Error(`Expected a persistent broker, found: ${up.stderr}`);
  const [broker] = (JSON.parse(commbench(['status', '--json'], { env }).stdout) as Status).brokers;
  const status = () => JSON.parse(commbench(['status', '--json'], { env }).stdout) as Status;
  return {
    env,
    pids: broker!.pids,
    users: () => status().brokers[0]?.users,
    [Symbol.dispose]() {
      commbench(['down'], { env });
      rmSync(cache, { recursive: true, force: true });
    },
  };
}
