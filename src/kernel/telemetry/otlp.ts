/**
 * OTLP/JSON, after opentelemetry-proto 1.x (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): 64-bit
 * integers are strings, ids are hexadecimal, enums are numbers.
 */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

export type OtlpValues = Readonly<Record<string, string | number>>;

/** Whole numbers and texts. */
export function otlpAttributes(values: OtlpValues): OtlpAttribute[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

/** Nanoseconds since the epoch, of milliseconds. */
export function otlpTime(epochMs: number): string {
  return String(BigInt(Math.round(epochMs * 1000)) * 1000n);
}

/** Who reports. */
export function otlpResource(service: string, more: OtlpValues = {}) {
  return { attributes: otlpAttributes({ 'service.name': service, ...more }) };
}

export function otlpScope(version: string) {
  return { name: 'commbench', version };
}
