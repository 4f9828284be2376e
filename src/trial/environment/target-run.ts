import { completionOf } from '../../components/target/completion.ts';
import { targetProgram } from '../../components/target/program.ts';
import { withEnvironment, withMark } from '../../kernel/text-template.ts';
import { type TlsPlace, tlsPlaceOf, withTlsExplained } from '../../components/target/tls-problem.ts';
import type { CompletionSource } from '../../plan/completion-source.ts';
import { endpointOfUrl } from '../../platform/net/endpoint.ts';
import { loadTransportDefinition } from '../../transports/discover.ts';
import type { Address, FoundTarget, TargetRequest, TransportDefinition } from '../../kernel/transport.ts';
import { TARGET } from '../../scenario/schema/targets-schema.ts';
import type { TargetPlan } from '../../plan/generator-plan.ts';
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
  const found = await withTlsExplained(tlsPlaceOf(target), definition, () => findTarget(opening, target));
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
  const { seed } = spec;
  const { tls } = target;
  const requests = new Map<string, TargetRequest>(
    Object.entries(targetPlan(testbed, target).requests).map(([operation, { settings }]) => [
      operation,
      { settings, seed },
    ]),
  );
  return find(address, { options, interaction, requests, ...(tls ? { tls } : {}) });
}

/** Requests as a client of the target needs them. */
export function targetPlan(
  { mark }: Testbed,
  { requests, flows, stream, tls }: PatternTarget,
): TargetPlan & { readonly requests: PatternTarget['requests'] } {
  const filled = withMark(withEnvironment(requests, process.env), mark);
  return { requests: filled, flows, stream, ...(tls ? { tls } : {}) };
}
