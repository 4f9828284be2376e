import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Who holds the lock: a process by number and start time (numbers are used again), and the process group
 * in which it installs.
 * @typedef {{ pid: number, start: string | undefined }} ProcessId
 * @typedef {ProcessId & { group?: ProcessId }} Holder
 */

/**
 * One installation at a time. A holder that was killed does not block: its lock is taken over, and what it
 * left running in its group is ended first.
 * @param {string} file
 * @param {{ signal: AbortSignal, onWait: (holder: Holder) => void }} options
 */
export async function takeLock(file, { signal, onWait }) {
  const me = processId(process.pid);
  let told = false;
  while (!tryCreate(file, me)) {
    const seen = read(file);
    if (seen === undefined) continue;
    if (!isAlive(seen.holder)) {
      takeOver(file, seen);
      continue;
    }
    if (!told) onWait(seen.holder);
    told = true;
    await delay(POLL_MS, undefined, { signal });
  }
  return {
    /** @param {number} pid leader of the group in which the installation runs */
    setGroup: (pid) => write(file, { ...me, group: processId(pid) }),
    release: () => rmSync(file, { force: true }),
  };
}

/**
 * A link is made whole or not at all: nobody reads a half-written lock.
 * @param {string} file
 * @param {Holder} holder
 */
function tryCreate(file, holder) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * @param {string} file
 * @param {Holder} holder
 */
function write(file, holder) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(holder));
  renameSync(draft, file);
}

/**
 * Several may find the same dead holder at once. Moving the file away succeeds for one of them only; if what
 * was moved is no longer what was seen, somebody else was quicker, and their lock goes back.
 * @param {string} file
 * @param {{ text: string, holder: Holder }} seen
 */
function takeOver(file, seen) {
  const grave = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, grave);
  } catch {
    return;
  }
  if (readFileSync(grave, 'utf8') === seen.text) endGroup(seen.holder.group);
  else restore(grave, file);
  rmSync(grave, { force: true });
}

/**
 * @param {string} grave
 * @param {string} file
 */
function restore(grave, file) {
  try {
    linkSync(grave, file);
  } catch {
    // Taken in the meantime: whoever has it checks what is installed before touching anything.
  }
}

/**
 * @param {string} file
 * @returns {{ text: string, holder: Holder } | undefined} undefined if released just now
 */
function read(file) {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
    return { text, holder: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return { text, holder: { pid: 0, start: undefined } };
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {ProcessId | undefined} group */
function endGroup(group) {
  if (group === undefined) return;
  const now = processId(group.pid);
  const isSomebodyElse = now.start !== undefined && now.start !== group.start;
  if (isSomebodyElse) return;
  try {
    process.kill(-group.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** @param {ProcessId} id */
function isAlive(id) {
  if (process.platform === 'linux') return id.start !== undefined && processId(id.pid).start === id.start;
  try {
    return id.pid > 0 && process.kill(id.pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * The start time (in ticks since boot) is undefined for a dead process, a zombie, and off Linux.
 * @param {number} pid
 * @returns {ProcessId}
 */
export function processId(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields are counted after the name, which may hold spaces and brackets: state is the first of them.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, start: fields[0] === 'Z' ? undefined : fields[19] };
  } catch {
    return { pid, start: undefined };
  }
}
