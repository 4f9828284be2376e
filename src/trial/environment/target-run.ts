import { completionOf } from '../../components/target/completion.ts';
import { targetProgram } from '../../components/target/program.ts';
import { withEnvironment, withMark } from '../../kernel/text-template.ts';
import { type TlsPlace, withTlsExplained } from '../../components/target/tls-problem.ts';
import type { CompletionSource } from '../../plan/completion-source.ts';
import { endpointOfUrl } from '../../platform/net/endpoint.ts';
import { loadTransportDefinition } from '../../transports/discover.ts';
import type { Address, FoundTarget, TargetContext, TransportDefinition } from '../../kernel/transport.ts';
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
    const observer = completionOf(testbed, at, target.completion);
    const reader = await loadTransportDefinition(target.completion.transport);
    await withTlsExplained(ofCompletion(target.completion, reader), reader, () =>
      startPart(opening, observer),
    );
  }
  const { definition } = spec.system.pattern;
  const found = await withTlsExplained(target, definition, () => findTarget(opening, target));
  const address = spec.system.isProxied
    ? await throughProxy(opening, TARGET, { to: found.address, wire: spec.system.pattern.definition.wire })
    : found.address;
  const stores = found.held ? [{ provisioned: found, subscriber: 0, place: 0 }] : [];
  return { address, parts, stores, hopLogs: [], ownEnds: [] };
}

/** A completion's broker, as one reaches it. */
function ofCompletion({ url, tls }: CompletionSource, { wire }: TransportDefinition): TlsPlace {
  return { url, listensAt: endpointOfUrl(url, wire)!, settings: {}, ...(tls ? { tls } : {}) };
}

async function findTarget({ testbed, spec }: Opening, target: PatternTarget): Promise<FoundTarget> {
  const { options, interaction, definition } = spec.system.pattern;
  const url = withMark(target.url, testbed.mark);
  const address: Address = { url, given: url };
  if (!definition.parts.findTarget) return { address };
  const find = await definition.parts.findTarget();
  return find(address, { options, interaction, ...targetSettings(testbed, target), seed: spec.seed });
}

/** Settings as a client of the target needs them. */
export function targetSettings(
  { mark }: Testbed,
  { settings, tls }: PatternTarget,
): Pick<TargetContext, 'settings' | 'tls'> {
  return { settings: withMark(withEnvironment(settings, process.env), mark), ...(tls ? { tls } : {}) };
}
