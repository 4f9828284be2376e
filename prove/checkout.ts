import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The last commit by itself, with the installed packages: what runs for hours is not to change meanwhile. */
export interface Checkout extends Disposable {
  readonly folder: string;
  readonly commit: string;
}

export function openCheckout(root: string): Checkout {
  const home = mkdtempSync(path.join(os.tmpdir(), 'cbprove-'));
  const folder = path.join(home, 'checkout');
  execFileSync('git', ['clone', '-q', root, folder]);
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  return { folder, commit, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) };
}
