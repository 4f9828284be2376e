import { endsWithin } from '../../kernel/wait.ts';
import path from 'node:path';
import type { Component } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import { programEndText, type Program } from '../../kernel/program.ts';
import { withEnvironment } from '../../kernel/text-template.ts';
import type { ChildHost } from '../../platform/process/child.ts';
import { lastOutputOf, lastOutputText } from '../../platform/process/last-output.ts';
import { processTree } from '../../platform/process/process-tree.ts';
import { startProcess } from '../../platform/process/started-process.ts';
import { withoutValuesOf } from '../../scenario/load/target-secrets.ts';
import type { PatternTarget } from '../../plan/spec.ts';
import { isOpen, untilTargetReady } from './readiness.ts';

const STOP = { signal: 'SIGTERM', withinMs: 2000 } as const;

type Host = Pick<ChildHost, 'spawner' | 'folder'>;

/** The user's program behind a target: ready once it can be called, and ended as its scenario defines. */
export function targetProgram(host: Host, target: PatternTarget, processName: string): Component {
  const [file, ...args] = splitCommand(target.command!);
  const detail = [file, ...args].join(' ');
  return {
    name: 'service',
    kind: 'service',
    life: 'trial',
    find: async () => ({ state: 'available', source: 'installed', version: "the user's own", detail }),
    async start(_plan, { signal }) {
      const started = await startTargetProgram(host, target, processName, signal);
      const endpoints = [{ url: target.url }];
      return Object.assign(started, { name: 'service', kind: 'service' as const, endpoints });
    },
  };
}

/**
 * @throws CommbenchError child-failed: its port is taken, it ended (with its last output), or it was not ready in time
 */
function startTargetProgram(host: Host, target: PatternTarget, name: string, signal: AbortSignal) {
  const { command, cwd, env = {}, stop = STOP } = withEnvironment(target, process.env);
  const [file, ...args] = splitCommand(command!);
  // Its output may repeat what it was given, and stands in results.
  const failureText = (what: string, { outputPath }: Program) =>
    withoutValuesOf([args, env], `The target's program ${what}; ${lastOutputText(lastOutputOf(outputPath))}`);
  return startProcess({
    name,
    signal,
    async begin(life, bound) {
      if (!target.isBroker) await refuseTaken(target, bound);
      const program = await host.spawner.spawn({
        name: life === 1 ? name : `${name}-again${life - 1}`,
        file: file!,
        args,
        env,
        ...(cwd === undefined ? {} : { cwd }),
        outputPath: path.join(host.folder, `${name}.log`),
        graceMs: stop.withinMs,
      });
      try {
        await readyOrEnded(target, program, { signal: bound, failureText });
        return { program };
      } catch (error) {
        await stopBy(program, stop);
        throw error;
      }
    },
    // Includes all child processes: `npm start` is a shell and a server.
    pidsOf: ({ program }) => processTree(program.pid),
    describeEnd: ({ program }, end) => failureText(programEndText(end), program),
    stop: (program) => stopBy(program, stop),
  });
}

interface ReadyWait {
  readonly signal: AbortSignal;
  readonly failureText: (what: string, program: Program) => string;
}

async function readyOrEnded(
  target: PatternTarget,
  program: Program,
  { signal, failureText }: ReadyWait,
): Promise<void> {
  const ended = program.ended.then((end) => failureText(programEndText(end), program));
  const late = untilTargetReady(target, program, signal).then((why) => why && failureText(why, program));
  const failure = await Promise.race([late, ended]);
  if (failure !== undefined) throw new CommbenchError('child-failed', failure);
}

/** Sends the program's own stop signal first, and ends what remains like every program. */
async function stopBy(
  program: Program,
  { signal, withinMs }: NonNullable<PatternTarget['stop']>,
): Promise<void> {
  if (signal !== 'SIGTERM') {
    await program.signal('SIGCONT');
    await program.signal(signal);
    await endsWithin(withinMs, program.ended);
  }
  await program.stop();
}

/** Another process on that port would be measured in place of the program. */
async function refuseTaken({ listensAt: { host, port } }: PatternTarget, signal: AbortSignal): Promise<void> {
  if (!(await isOpen(host, port, signal))) return;
  throw new CommbenchError('child-failed', `The port ${port} of the target's program is in use`, {
    hint: 'End the process that listens there, or give the target another port in `url` and `command`.',
  });
}

/**
 * The words of a command: a list as it is, a text split at blanks. Quotes keep a word together; there is no shell, so
 * no other character is special.
 */
export function splitCommand(command: string | readonly string[]): string[] {
  if (typeof command !== 'string') return [...command];
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(
      /"([^"]*)"|'([^']*)'/g,
      (_quoted, double?: string, single?: string) => double ?? single ?? '',
    ),
  );
}
