import { completionOf } from '../../components/target/completion.ts';
import { targetProgram } from '../../components/target/program.ts';
import { withEnvironment, withMark } from '../../kernel/text-template.ts';
import type { Address, FoundTarget } from '../../kernel/transport.ts';
import { TARGET } from '../../scenario/schema/targets-schema.ts';
import type { RowTarget } from '../../plan/spec.ts';
import { type Callee, type Opening, startPart, throughProxy } from './callee.ts';
import type { Rig } from './rig.ts';

/** The user's own target: its program is started where the scenario names one. */
export async function openTarget(opening: Opening, target: RowTarget): Promise<Callee> {
  const { rig, spec, name, logPath, parts } = opening;
  if (target.command !== undefined) await startPart(opening, targetProgram(rig, target, `target-${name}`));
  // After the program: it may be what makes the queue.
  if (target.completion) {
    const at = { spec, processName: `completion-${name}`, logPath };
    await startPart(opening, completionOf(rig, at, target.completion));
  }
  const found = await findTarget(opening, target);
  const address = spec.isProxied
    ? await throughProxy(opening, TARGET, { to: found.address, wire: spec.row.definition.wire })
    : found.address;
  const stores = found.held ? [{ provisioned: found, subscriber: 0, place: 0 }] : [];
  return { address, parts, stores, hopLogs: [], ownEnds: [] };
}

async function findTarget({ rig, spec }: Opening, target: RowTarget): Promise<FoundTarget> {
  const { row, seed } = spec;
  const url = withMark(target.url, rig.mark);
  const address: Address = { url, given: url };
  const { options, interaction, definition } = row;
  if (!definition.parts.findTarget) return { address };
  const find = await definition.parts.findTarget();
  return find(address, {
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
