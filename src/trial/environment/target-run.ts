import { completionOf } from '../../components/target/completion.ts';
import { targetProgram } from '../../components/target/program.ts';
import { withEnvironment, withMark } from '../../kernel/text-template.ts';
import type { Address, FoundTarget } from '../../kernel/transport.ts';
import { TARGET } from '../../scenario/schema/targets-schema.ts';
import type { PatternTarget } from '../../plan/spec.ts';
import { type SystemUnderTest, type Opening, startPart, throughProxy } from './system-under-test.ts';
import type { Testbed } from './testbed.ts';

/** Opens the user's own target, and starts its program where the scenario names one. */
export async function openTarget(opening: Opening, target: PatternTarget): Promise<SystemUnderTest> {
  const { testbed, spec, name, logPath, parts } = opening;
  if (target.command !== undefined)
    await startPart(opening, targetProgram(testbed, target, `target-${name}`));
  // After the program, which may create the queue.
  if (target.completion) {
    const at = { spec, processName: `completion-${name}`, logPath };
    await startPart(opening, completionOf(testbed, at, target.completion));
  }
  const found = await findTarget(opening, target);
  const address = spec.system.isProxied
    ? await throughProxy(opening, TARGET, { to: found.address, wire: spec.system.pattern.definition.wire })
    : found.address;
  const stores = found.held ? [{ provisioned: found, subscriber: 0, place: 0 }] : [];
  return { address, parts, stores, hopLogs: [], ownEnds: [] };
}

async function findTarget({ testbed, spec }: Opening, target: PatternTarget): Promise<FoundTarget> {
  const { options, interaction, definition } = spec.system.pattern;
  const url = withMark(target.url, testbed.mark);
  const address: Address = { url, given: url };
  if (!definition.parts.findTarget) return { address };
  const find = await definition.parts.findTarget();
  const settings = targetSettings(testbed, target);
  return find(address, { options, interaction, settings, seed: spec.seed });
}

/** Settings as a client of the target needs them. */
export function targetSettings({ mark }: Testbed, { settings }: PatternTarget): unknown {
  return withMark(withEnvironment(settings, process.env), mark);
}
