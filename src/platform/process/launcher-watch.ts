import { Socket } from 'node:net';
import { sendSignal } from './ending.ts';

/**
 * Calls back once when the launcher (bin/checkout.js) is gone for any reason: it holds the other end of a pipe and
 * never writes. Without a launcher (published package, tests) nothing is watched. Disposing continues a launcher that
 * was stopped: it would never notice our end. One that goes on does not notice the signal.
 */
export function watchLauncher(onGone: () => void): Disposable {
  const fd = process.env['COMMBENCH_LAUNCHER_FD'];
  delete process.env['COMMBENCH_LAUNCHER_FD']; // It means this process only, none that it starts.
  if (fd === undefined) return { [Symbol.dispose]: () => undefined };
  const launcher = process.ppid;
  const pipe = new Socket({ fd: Number(fd), readable: true, writable: false });
  pipe.once('error', () => pipe.destroy());
  pipe.once('close', onGone);
  pipe.resume();
  pipe.unref();
  return {
    [Symbol.dispose]() {
      if (process.ppid === launcher) sendSignal(launcher, 'SIGCONT');
    },
  };
}
