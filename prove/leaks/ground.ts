import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What all cases share, as the runs of one user do: a checkout, a cache, and a temporary folder. */
export interface Ground extends Disposable {
  /** In the environment of every process that a case starts: this is how they are found. */
  readonly home: string;
  readonly clone: string;
  readonly commit: string;
  readonly cache: string;
  /** TMPDIR of every run. Short: it is part of a socket's path. */
  readonly tmp: string;
  /** Where run files are, without an XDG_RUNTIME_DIR. */
  readonly state: string;
  /** Scenario and result files. */
  readonly work: string;
}

export function openGround(root: string): Ground {
  const home = mkdtempSync(path.join(os.tmpdir(), 'cbleak-'));
  const clone = path.join(home, 'checkout');
  execFileSync('git', ['clone', '-q', root, clone]);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: clone,
    encoding: 'utf8',
  }).trim();
  const [tmp, work] = [path.join(home, 't'), path.join(home, 'work')];
  for (const folder of [tmp, work]) mkdirSync(folder);
  return {
    home,
    clone,
    commit,
    cache: path.join(home, 'cache'),
    tmp,
    state: path.join(tmp, `commbench-${os.userInfo().uid}`),
    work,
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}
