import type { Component, StartedComponent } from '../../kernel/component.ts';
import { CommbenchError } from '../../kernel/errors.ts';
import type { ChildHost } from '../../platform/process/child.ts';
import { entryFile } from '../../platform/process/entry.ts';
import { startHubProcess } from '../../platform/process/hub-process.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import type { CompletionSource } from '../../plan/completion-source.ts';
import { builtIn } from '../built-in.ts';
import type { CompletionConfig, CompletionCounts } from './completion-config.ts';

/** Joining a group of Kafka takes seconds on a busy machine. */
const READY_MS = 60_000;
/** Time to leave a group, and to remove it. */
const GRACE_MS = 4000;

/** A process that reads a target's completion queue. Disposing ends it. */
export interface RunningCompletion extends StartedComponent {
  readonly place: string;
  counts(): Promise<CompletionCounts>;
}

/**
 * Ready once it misses no message any more.
 * @param at the trial, the name of the process, and the file of its effects
 */
export function completionOf(
  host: ChildHost,
  at: { readonly spec: TrialSpec; readonly processName: string; readonly logPath: string },
  completion: CompletionSource,
): Component<RunningCompletion> {
  const settings = settingsOf(host, at, completion);
  return builtIn({ name: 'completion', kind: 'observer' }, async ({ signal }) => {
    const started = await startHubProcess(host, {
      name: at.processName,
      entry: entryFile(import.meta.url, './completion-listener'),
      graceMs: GRACE_MS,
      readyMs: READY_MS,
      signal,
      settings: () => settings,
    });
    return Object.assign(started, {
      name: 'completion',
      kind: 'observer' as const,
      endpoints: [],
      place: completion.place,
      async counts() {
        return (await started.ask({ type: 'count' }, 'counted'))['counts'] as CompletionCounts;
      },
    });
  });
}

function settingsOf(
  { mark }: ChildHost,
  { spec, logPath }: { readonly spec: TrialSpec; readonly logPath: string },
  { transport, correlate, url, name, tls, sasl }: CompletionSource,
): Omit<CompletionConfig, 'version' | 'name' | 'mark' | 'socketPath'> {
  const { id } = spec;
  const { definition, options } = spec.system.pattern;
  return {
    trial: id,
    effectLogPath: logPath,
    transport,
    options: definition.name === transport ? options : {},
    outlet: {
      url,
      name,
      prefix: `commbench.${mark}.${id}`,
      ...(tls ? { tls } : {}),
      ...(sasl ? { sasl } : {}),
    },
    correlate,
  };
}

/** The observer of a target's completed work; undefined where there is none. */
export function completionIn(parts: readonly StartedComponent[]): RunningCompletion | undefined {
  return parts.find((part): part is RunningCompletion => part.kind === 'observer');
}

/** The error of a trial whose warm-up had no completions. */
export async function nothingCame(completion: RunningCompletion, accepted: number): Promise<CommbenchError> {
  const { uncorrelated } = await completion.counts();
  const others =
    uncorrelated > 0
      ? `; ${uncorrelated} ${uncorrelated === 1 ? 'message' : 'messages'} came without ids`
      : '';
  return new CommbenchError(
    'child-failed',
    `The ${completion.place} reported none of the ${accepted} warm-up messages${others}`,
    {
      hint: 'Check that the service that writes there is running, and passes on the id named by `correlate`.',
    },
  );
}

/** Notes on messages that belong to no call; empty where there were none. */
export function strayNotes(place: string, { late, uncorrelated }: CompletionCounts): string[] {
  const found = [
    ...(late > 0 ? [`${late} of earlier trials`] : []),
    ...(uncorrelated > 0 ? [`${uncorrelated} without an id of this run`] : []),
  ];
  return found.length === 0 ? [] : [`ignored messages of the ${place}: ${found.join(', ')}`];
}
