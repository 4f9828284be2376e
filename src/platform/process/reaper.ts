/**
 * The reaper owns every child of a run, so that all of them end whatever ends the CLI. Orders arrive on its standard
 * input; the end of that pipe, for any reason, is the order to end everything. It relays nothing else: its own death
 * breaks no pipe of a child.
 *
 * Started anew in each run, so it loads as little as possible.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { systemCode } from '../../kernel/errors.ts';
import { lineSplitter } from '../ipc/ndjson.ts';
import { findByEnvironment } from './proc.ts';
import { adopt, type ChildGroup, launch, launchError } from './child-group.ts';
import { endProcesses } from './ending.ts';
import type { ProgramOrder, ReaperOrder, ReaperPlan, ReaperReply } from './reaper-protocol.ts';
import { addToRunFile, MARK_VARIABLE, type RecordedProcess, removeTraces } from './run-file.ts';

/** Time between SIGTERM to all groups and SIGKILL to the remaining ones. */
const POLITE_MS = 5000;
/** Time after which even SIGKILL has failed (a process deep in the kernel): the next command tries again. */
const HOPELESS_MS = 8000;
/** Bounds for processes with the mark outside their group. */
const STRAYS = { graceMs: 500, boundMs: 3000 };

const plan = JSON.parse(process.argv[2] ?? '') as ReaperPlan;
const groups = new Map<number, ChildGroup>();
/** Signals to come, by their orders. */
const appointments = new Map<number, AbortController>();
let ending: Promise<void> | undefined;

listen();

function listen(): void {
  process.on('uncaughtException', (defect) => {
    process.stderr.write(`${defect.stack}\n`);
    end();
  });
  // No part of commbench sends these; a sender wants an orderly end.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // First: the CLI would take the end of a child for the child's own.
      reply({ type: 'ending', signal: name });
      end();
    });
  }
  // The CLI may be gone already.
  process.stdout.on('error', () => {});
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', lineSplitter(take)).on('end', end).on('error', end).on('close', end);
}

/** Runs once, whatever the cause. */
function end(): void {
  ending ??= endEverything();
}

function take(line: string): void {
  const order = JSON.parse(line) as ReaperOrder;
  switch (order.type) {
    case 'spawn':
      void start(order.n, order.program);
      return;
    case 'signal':
      void signal(order);
      return;
    case 'cancel':
      appointments.get(order.order)?.abort();
      return;
    case 'stop':
      void groups.get(order.id)?.stop();
      return;
  }
}

/**
 * Signals at instants are sent from here: this process has no terminal, and whatever stops or blocks the CLI delays no
 * fault.
 */
async function signal({
  n,
  id,
  signal: name,
  atNs,
}: Extract<ReaperOrder, { type: 'signal' }>): Promise<void> {
  if (atNs !== null && !(await isTime(n, atNs))) return reply({ type: 'signalled', n, seen: null });
  reply({ type: 'signalled', n, seen: (await groups.get(id)?.signal(name)) ?? null });
}

/** Waits for an instant. @returns false: it was called off */
async function isTime(n: number, atNs: number): Promise<boolean> {
  const cancel = new AbortController();
  appointments.set(n, cancel);
  const waitMs = Math.max(0, Math.ceil((atNs - nowNs()) / NS_PER_MS));
  const came = delay(waitMs, true, { signal: cancel.signal }).catch(() => false);
  return came.finally(() => appointments.delete(n));
}

/** Up to the first `await` all is one turn: what exists is owned, and in the run file. */
async function start(n: number, program: ProgramOrder): Promise<void> {
  try {
    if (ending) throw new Error('the run is ending');
    const child = launch(program);
    if (child.pid === undefined) throw await launchError(child);
    const group = adopt(child, child.pid, program);
    groups.set(n, group);
    record({ role: 'child', name: program.name, ...group.identity });
    reply({ type: 'spawned', n, pid: child.pid, startTicks: group.identity.startTicks ?? null });
    const how = await group.ended;
    groups.delete(n);
    reply({ type: 'ended', id: n, end: how });
  } catch (cause) {
    reply({ type: 'refused', n, code: systemCode(cause) ?? 'unknown', message: (cause as Error).message });
  }
}

function record(it: RecordedProcess): void {
  try {
    addToRunFile(plan.runFile, it);
  } catch (cause) {
    // A full disk must not keep us from owning the child; its mark still identifies it.
    process.stderr.write(`not in the run file: ${it.name}: ${String(cause)}\n`);
  }
}

function reply(line: ReaperReply): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Last started, first ended: services before the brokers they talk to. */
async function endEverything(): Promise<void> {
  for (const appointment of appointments.values()) appointment.abort();
  const hopeless = delay(HOPELESS_MS);
  void delay(POLITE_MS).then(() => {
    for (const group of groups.values()) group.force();
  });
  for (const group of [...groups.values()].toReversed()) await Promise.race([group.stop(), hopeless]);
  await endProcesses(() => findByEnvironment(MARK_VARIABLE, plan.mark), STRAYS);
  forget();
  process.exit(0);
}

function forget(): void {
  try {
    removeTraces(plan.runFile, plan);
  } catch (cause) {
    process.stderr.write(`not removed: ${plan.folder}: ${String(cause)}\n`);
  }
}
