/** The streams and the environment of a command. */
export interface Context {
  /** Only what was asked for goes here: reports, schemas, lists. */
  readonly stdout: NodeJS.WriteStream;
  /** Progress, warnings, errors. */
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** What a command began and need not wait for; the program ends after it. Absent: nobody awaits it. */
  readonly pending?: Promise<void>[];
}

/** https://no-color.org; FORCE_COLOR is the usual opposite. */
export function wantsColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY && env['TERM'] !== 'dumb';
}

/** Columns to write for; COLUMNS counts where no terminal says its own. */
export function widthOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): number {
  const message = stream.isTTY ? stream.columns : Number(env['COLUMNS']);
  return Number.isInteger(message) && message > 0 ? Math.max(20, message) : 120;
}

/** Lines to write for; LINES counts where no terminal says its own. */
export function heightOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): number {
  const message = stream.isTTY ? stream.rows : Number(env['LINES']);
  return Number.isInteger(message) && message > 0 ? Math.max(10, message) : 40;
}
