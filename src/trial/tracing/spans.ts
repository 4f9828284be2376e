import { isAnswered, isQueued } from '../../contracts/interactions.ts';
import type { OtlpValues } from '../../kernel/telemetry/otlp.ts';
import { operationChooser } from '../../kernel/operation-choice.ts';
import {
  attemptName,
  isTraced,
  ROOT_CALL,
  spanIdOf,
  traceIdOf,
  type TraceSampling,
} from '../../kernel/telemetry/trace-context.ts';
import { outcomeAt } from '../../measure/logs/arrivals.ts';
import type { Effect } from '../../measure/logs/effect-log.ts';
import type { Attempt, AttemptEnd, Execution } from '../../measure/logs/hop-log.ts';
import type { TrialSpec } from '../../plan/spec.ts';
import type { RawTrial } from '../raw-trial.ts';
import { attributesOf } from './conventions.ts';

/**
 * Spans of a trial's sampled requests, made afterwards from the instants that are there: those of the generator, the
 * effect log and the hop logs. While it is measured, only a sampled request's header is made (docs/decisions/0011).
 */
export interface TraceSpan {
  /** Name of the process that it belongs to. */
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly kind: keyof typeof SPAN_KINDS;
  /** Monotonic ns. */
  readonly startNs: number;
  readonly endNs: number;
  readonly attributes: OtlpValues;
  readonly isError: boolean;
}

/** Numbers of the OTLP enum. */
export const SPAN_KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** Everything that was seen of one request. */
interface Request {
  readonly index: number;
  readonly traceId: string;
  readonly operation: string;
  readonly effects: readonly Effect[];
  readonly attempts: readonly Attempt[];
  readonly ends: ReadonlyMap<number, AttemptEnd>;
  readonly executions: readonly Execution[];
  /** End of what is known of it. */
  readonly lastNs: number;
}

export function spansOf(
  spec: TrialSpec,
  { logs }: Pick<RawTrial, 'logs'>,
  sampling: TraceSampling,
): TraceSpan[] {
  const sampled = new Set<number>();
  for (let i = 0; i < logs.arrivals.count; i++) {
    const isSent = !Number.isNaN(logs.arrivals.dispatchedNs[i]!);
    if (isSent && isTraced(sampling, spec.id, i)) sampled.add(i);
  }
  const operationAt = operationChooser({ seed: spec.seed, mix: spec.load.mix });
  const find = requestFinder(spec, logs, sampled);
  return [...sampled].flatMap((index) => {
    const request = find(index, {
      traceId: traceIdOf(sampling.run, spec.id, index),
      operation: operationAt(index),
    });
    return [...callerSpans(spec, logs, request), ...serviceSpans(spec, request)];
  });
}

function requestFinder(spec: TrialSpec, logs: RawTrial['logs'], sampled: ReadonlySet<number>) {
  type OfMessage = Attempt | Execution;
  const isOwn = ({ stage, sequence }: Pick<OfMessage, 'stage' | 'sequence'>) =>
    stage === 'measured' && sampled.has(sequence);
  const { events } = logs.hopLog;
  const bySequence = <T extends { readonly sequence: number }>(all: readonly T[]) =>
    Map.groupBy(all, ({ sequence }) => sequence);
  const effects = bySequence(logs.effects.filter((effect) => effect.trial === spec.id && isOwn(effect)));
  const attempts = bySequence(
    events.filter((event): event is Attempt => event.type === 'attempt' && isOwn(event)),
  );
  const executions = bySequence(
    events.filter((event): event is Execution => event.type === 'execution' && isOwn(event)),
  );
  const ends = new Map(
    events.flatMap((event) => (event.type === 'ended' ? [[event.call, event] as const] : [])),
  );
  return (index: number, named: Pick<Request, 'traceId' | 'operation'>): Request => {
    const own = { effects: effects.get(index) ?? [], attempts: attempts.get(index) ?? [] };
    const instants = [
      logs.arrivals.dispatchedNs[index]!,
      logs.arrivals.acknowledgedNs[index]!,
      ...own.effects.map(({ completedNs }) => completedNs),
      ...own.attempts.map(({ call }) => ends.get(call)?.atNs ?? NaN),
    ].filter((ns) => !Number.isNaN(ns));
    const lastNs = Math.max(...instants);
    return { index, ...named, ...own, ends, executions: executions.get(index) ?? [], lastNs };
  };
}

/** The whole, from when it was due; and in it the call. */
function callerSpans(
  spec: TrialSpec,
  { schedule, arrivals }: RawTrial['logs'],
  request: Request,
): TraceSpan[] {
  const { index, traceId, operation, lastNs } = request;
  const { id: pattern, definition, interaction } = spec.system.pattern;
  const outcome = outcomeAt(arrivals, index);
  const isError = outcome !== 'ok';
  const own = { service: 'caller', traceId, isError };
  const status = arrivals.status[index]!;
  const facts = attributesOf({ transport: definition.name, operation, status, side: 'caller' });
  return [
    {
      ...own,
      spanId: spanIdOf(traceId, 'arrival'),
      parentId: null,
      name: `${pattern} ${operation}`,
      kind: 'internal',
      startNs: arrivals.startNs + schedule.intendedNs(index),
      endNs: lastNs,
      attributes: { 'commbench.trial': spec.id, 'commbench.sequence': index, 'commbench.pattern': pattern },
    },
    {
      ...own,
      spanId: spanIdOf(traceId, ROOT_CALL),
      parentId: spanIdOf(traceId, 'arrival'),
      name: operation,
      kind: isAnswered(interaction) ? 'client' : 'producer',
      startNs: arrivals.dispatchedNs[index]!,
      endNs: known(arrivals.acknowledgedNs[index]!, lastNs),
      attributes: { ...facts, 'commbench.outcome': outcome },
    },
  ];
}

function serviceSpans(spec: TrialSpec, request: Request): TraceSpan[] {
  return spec.system.topology
    ? [
        ...request.executions.map(executionSpan(spec, request)),
        ...request.attempts.map(attemptSpan(spec, request)),
      ]
    : request.effects.map(effectSpan(spec, request));
}

/** Without a topology a message is handled once by each subscriber, or again. */
function effectSpan({ system: { pattern } }: TrialSpec, { traceId, operation }: Request) {
  return ({ subscriber, arrivedNs, begunNs, completedNs }: Effect, i: number): TraceSpan => ({
    service: pattern.subscribers === 1 ? 'service' : `service/${subscriber + 1}`,
    traceId,
    spanId: spanIdOf(traceId, `effect ${i}`),
    parentId: spanIdOf(traceId, ROOT_CALL),
    name: operation,
    kind: isQueued(pattern.definition, pattern.interaction) ? 'consumer' : 'server',
    startNs: known(arrivedNs, known(begunNs, completedNs)),
    endNs: completedNs,
    attributes: attributesOf({ transport: pattern.definition.name, operation, status: 0, side: 'service' }),
    isError: false,
  });
}

/** A message in the hands of a service of the topology: until its effect, or else until its caller knew of the end. */
function executionSpan(spec: TrialSpec, { traceId, effects, attempts, ends, lastNs }: Request) {
  const { services, edges } = spec.system.topology!;
  return ({ service, call, attempt, operation, atNs }: Execution): TraceSpan => {
    const over = attempts.find((one) => one.call === call);
    const edge = over && edges[over.edge];
    const transport = edge?.transport ?? spec.system.pattern.definition.name;
    const effect = effects.find((one) => one.subscriber === service && one.attempt === attempt);
    return {
      service: services[service]!.id,
      traceId,
      spanId: spanIdOf(traceId, handledName(service, call)),
      parentId: spanIdOf(traceId, call === 0 ? ROOT_CALL : attemptName(call)),
      name: operation,
      kind: (edge?.isAnswered ?? isAnswered(spec.system.pattern.interaction)) ? 'server' : 'consumer',
      startNs: atNs,
      endNs: Math.max(atNs, effect?.completedNs ?? ends.get(call)?.atNs ?? lastNs),
      attributes: attributesOf({ transport, operation, status: 0, side: 'service' }),
      isError: effect === undefined,
    };
  };
}

function handledName(service: number, call: number): string {
  return `handled ${service} ${call}`;
}

function attemptSpan(spec: TrialSpec, { traceId, ends, lastNs }: Request) {
  const { services, edges } = spec.system.topology!;
  return ({ edge: index, call, parent, attempt, operation, atNs }: Attempt): TraceSpan => {
    const { from, transport, isAnswered: isAwaited } = edges[index]!;
    const end = ends.get(call);
    const facts = attributesOf({ transport, operation, status: end?.status ?? 0, side: 'caller' });
    return {
      service: services[from]!.id,
      traceId,
      spanId: spanIdOf(traceId, attemptName(call)),
      parentId: spanIdOf(traceId, handledName(from, parent)),
      name: operation,
      kind: isAwaited ? 'client' : 'producer',
      startNs: atNs,
      endNs: Math.max(atNs, end?.atNs ?? lastNs),
      attributes: {
        ...facts,
        'commbench.attempt': attempt,
        'commbench.outcome': end?.outcome ?? 'unfinished',
      },
      isError: end?.outcome !== 'ok',
    };
  };
}

function known(ns: number, otherwise: number): number {
  return Number.isNaN(ns) ? otherwise : ns;
}
