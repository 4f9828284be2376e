/** Node's handle of a terminal. Its writes wait for the terminal, unless it is set otherwise. */
interface Handle {
  setBlocking?(isBlocking: boolean): number;
}

/**
 * Lets a process go on while a terminal takes nothing (Ctrl-S, a reader that stopped): what is written then is taken
 * later. Otherwise one write stops the process, and with it all that it is to do at instants. Other streams than
 * terminals never wait.
 * @returns disposing waits until all is taken, and lets writes wait again
 */
export function unwaiting(stream: NodeJS.WriteStream): AsyncDisposable {
  const { _handle: handle } = stream as { _handle?: Handle };
  const isSet = stream.isTTY && handle?.setBlocking?.(false) === 0;
  return {
    async [Symbol.asyncDispose]() {
      if (!isSet) return;
      const { promise: taken, resolve } = Promise.withResolvers<void>();
      stream.write('', () => resolve());
      await taken;
      handle.setBlocking?.(true);
    },
  };
}
