import { withEnvironment, withMark } from '../../kernel/text-template.ts';
import type { Address, FoundTarget } from '../../kernel/transport.ts';
import { TARGET } from '../../scenario/schema/targets-schema.ts';
import type { CalleeContext } from './callee-context.ts';
import type { Callee } from './callee.ts';
import { type RunningProxy, startProxy } from './proxy-run.ts';
import type { Rig } from './rig.ts';
import type { RowTarget, TrialSpec } from '../../plan/spec.ts';
import { startCompletion } from './target-completion.ts';
import { startTargetProgram } from './target-program.ts';

/**
 * The user's own target: its program is started where the scenario names one, and in trials of a scenario with connection
 * faults a proxy stands before it, in the control as well.
 */
export async function openTarget(
  rig: Rig,
  spec: TrialSpec,
  target: RowTarget,
  at: CalleeContext,
): Promise<Callee> {
  const program = target.command === undefined ? undefined : await startTargetProgram(rig, target, at);
  if (program) at.stack.use(program);
  const { name, logPath, signal } = at;
  // After the program: it may be what makes the queue.
  const completion =
    target.completion &&
    (await startCompletion(rig, { name: `completion-${name}`, spec, logPath }, target.completion, signal));
  if (completion) at.stack.use(completion);
  const found = await findTarget(rig, spec, target);
  const proxy = spec.isProxied
    ? await startProxy(rig, { name: `proxy-${at.name}`, target: found.address }, at.signal)
    : undefined;
  if (proxy) at.stack.use(proxy);
  return {
    address: proxy?.address ?? found.address,
    service: undefined,
    ...(program ? { program } : {}),
    ...(completion ? { completion } : {}),
    stores: found.held ? [{ provisioned: found, subscriber: 0, place: 0 }] : [],
    targets: new Map(),
    proxies: new Map<string, RunningProxy>(proxy ? [[TARGET, proxy]] : []),
    hopLogs: [],
    ownEnds: [],
  };
}

async function findTarget(rig: Rig, { row, seed }: TrialSpec, target: RowTarget): Promise<FoundTarget> {
  const url = withMark(target.url, rig.mark);
  const address: Address = { url, given: url };
  const transport = await row.definition.load();
  if (!transport.findTarget) return { address };
  const { options, interaction } = row;
  return transport.findTarget(address, {
    options,
    interaction,
    settings: targetSettings(rig, target),
    seed,
  });
}

/** As whoever connects to it needs them. */
export function targetSettings({ mark }: Rig, { settings }: RowTarget): unknown {
  return withMark(withEnvironment(settings, process.env), mark);
}
