import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [program: string, ...args: string[]]>>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/** Opens a file with the user's browser, which outlives this process. @returns whether one could be started */
export async function openInBrowser(file: string): Promise<boolean> {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const url = pathToFileURL(path.resolve(file)).href;
  const opener = spawn(program, [...args, url], { detached: true, stdio: 'ignore' });
  const started = Promise.withResolvers<boolean>();
  opener.once('spawn', () => started.resolve(true));
  opener.once('error', () => started.resolve(false));
  opener.unref();
  return started.promise;
}
