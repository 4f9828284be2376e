import type { OtlpValues } from '../../kernel/telemetry/otlp.ts';

/**
 * Attributes of spans after OpenTelemetry's semantic conventions 1.45, as far as a call is known by its transport,
 * operation and status.
 */
export interface TracedCall {
  readonly transport: string;
  readonly operation: string;
  /** 0: none is known. */
  readonly status: number;
  /** Sent, or handled. */
  readonly side: 'caller' | 'service';
}

const OF_TRANSPORT: Readonly<Record<string, (call: TracedCall) => OtlpValues>> = {
  rest: http,
  graphql: (call) => ({ ...http(call), 'graphql.operation.name': call.operation }),
  grpc: ({ operation }) => ({ 'rpc.system.name': 'grpc', 'rpc.method': operation }),
  rabbitmq: messaging,
  kafka: messaging,
};

export function attributesOf(call: TracedCall): OtlpValues {
  const own = OF_TRANSPORT[call.transport]?.(call) ?? {};
  return { 'commbench.transport': call.transport, 'commbench.operation': call.operation, ...own };
}

function http({ status }: TracedCall): OtlpValues {
  return { 'network.protocol.name': 'http', ...(status > 0 ? { 'http.response.status_code': status } : {}) };
}

function messaging({ transport, operation, side }: TracedCall): OtlpValues {
  const type = side === 'caller' ? 'send' : 'process';
  return {
    'messaging.system': transport,
    'messaging.operation.type': type,
    'messaging.operation.name': `${type} ${operation}`,
  };
}
