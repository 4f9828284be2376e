import { otlpAttributes, otlpResource, otlpScope } from '../../kernel/telemetry/otlp.ts';
import { SPAN_KINDS, type TraceSpan } from './spans.ts';

/** STATUS_CODE_ERROR. */
const ERROR = 2;

/**
 * Spans as the body of an OTLP request (`/v1/traces`), by the services that they belong to.
 * @param epochNs of the wall clock when the monotonic one is 0
 */
export function otlpSpans(spans: readonly TraceSpan[], epochNs: bigint, version: string) {
  const services = Map.groupBy(spans, ({ service }) => service);
  return {
    resourceSpans: [...services].map(([service, own]) => ({
      resource: otlpResource(service, { 'service.namespace': 'commbench' }),
      scopeSpans: [{ scope: otlpScope(version), spans: own.map((span) => spanOf(span, epochNs)) }],
    })),
  };
}

function spanOf(
  { traceId, spanId, parentId, name, kind, startNs, endNs, ...span }: TraceSpan,
  epochNs: bigint,
) {
  return {
    traceId,
    spanId,
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    name,
    kind: SPAN_KINDS[kind],
    startTimeUnixNano: String(epochNs + BigInt(Math.round(startNs))),
    endTimeUnixNano: String(epochNs + BigInt(Math.round(endNs))),
    attributes: otlpAttributes(span.attributes),
    status: span.isError ? { code: ERROR } : {},
  };
}
