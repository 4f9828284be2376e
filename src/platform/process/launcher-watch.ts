import { Socket } from 'node:net';

/**
 * Calls back once when the launcher (bin/checkout.js) is gone for any reason: it holds the other end of a pipe and
 * never writes. Without a launcher (published package, tests) nothing is watched.
 */
export function watchLauncher(onGone: () => void): void {
  const fd = process.env['COMMBENCH_LAUNCHER_FD'];
  delete process.env['COMMBENCH_LAUNCHER_FD']; // It means this process only, none that it starts.
  if (fd === undefined) return;
  const pipe = new Socket({ fd: Number(fd), readable: true, writable: false });
  pipe.once('error', () => pipe.destroy());
  pipe.once('close', onGone);
  pipe.resume();
  pipe.unref();
}
