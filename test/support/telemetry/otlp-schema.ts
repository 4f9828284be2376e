import { z } from 'zod';

/**
 * What an OTLP receiver takes, after opentelemetry-proto 1.x and the JSON mapping of the OTLP specification: fields by
 * their names in camel case, 64-bit integers as decimal strings, ids in hexadecimal, enums as numbers. Unlike a
 * receiver, it refuses fields that are not in the protocol: they would be lost in silence.
 */
const uint64 = z.string().regex(/^\d{1,20}$/);
const anyValue = z.xor([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: z.string().regex(/^-?\d{1,19}$/) }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
]);
const attributes = z
  .array(z.strictObject({ key: z.string().min(1), value: anyValue }))
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'each key once');
const resource = z.strictObject({ attributes, droppedAttributesCount: z.number().int().optional() });
const scope = z.strictObject({ name: z.string(), version: z.string().optional() });
const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
    .refine((text) => /[^0]/.test(text), 'not all zero');

const span = z.strictObject({
  traceId: hex(16),
  spanId: hex(8),
  parentSpanId: hex(8).optional(),
  traceState: z.string().optional(),
  flags: z.number().int().optional(),
  name: z.string().min(1),
  kind: z.number().int().min(1).max(5),
  startTimeUnixNano: uint64,
  endTimeUnixNano: uint64,
  attributes,
  status: z.strictObject({ code: z.number().int().min(0).max(2).optional(), message: z.string().optional() }),
});
export type OtlpSpan = z.infer<typeof span>;

export const otlpTraces = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({ resource, scopeSpans: z.array(z.strictObject({ scope, spans: z.array(span) })) }),
  ),
});

const times = { attributes, startTimeUnixNano: uint64, timeUnixNano: uint64 };
const numberPoints = z.array(z.strictObject({ ...times, asDouble: z.number() })).min(1);
const histogramPoints = z
  .array(
    z
      .strictObject({
        ...times,
        count: uint64,
        sum: z.number(),
        bucketCounts: z.array(uint64),
        explicitBounds: z.array(z.number()),
      })
      .refine(
        (point) => point.bucketCounts.length === point.explicitBounds.length + 1,
        'a bucket more than bounds',
      )
      .refine(
        ({ count, bucketCounts }) => bucketCounts.reduce((sum, n) => sum + BigInt(n), 0n) === BigInt(count),
        'buckets add up to the count',
      ),
  )
  .min(1);
const temporality = z.number().int().min(1).max(2);
const named = {
  name: z.string().regex(/^[a-zA-Z][\w./-]{0,254}$/),
  description: z.string(),
  unit: z.string(),
};
const metric = z.xor([
  z.strictObject({ ...named, gauge: z.strictObject({ dataPoints: numberPoints }) }),
  z.strictObject({
    ...named,
    sum: z.strictObject({
      dataPoints: numberPoints,
      aggregationTemporality: temporality,
      isMonotonic: z.boolean(),
    }),
  }),
  z.strictObject({
    ...named,
    histogram: z.strictObject({ dataPoints: histogramPoints, aggregationTemporality: temporality }),
  }),
]);

export const otlpMetricsRequest = z.strictObject({
  resourceMetrics: z.array(
    z.strictObject({ resource, scopeMetrics: z.array(z.strictObject({ scope, metrics: z.array(metric) })) }),
  ),
});
