import { z } from 'zod';

/**
 * Output of `--format json`: figures, intervals, verdicts and findings as data, for programs. The raw record is
 * the result file.
 */
export const REPORT_VERSION = 1;

const unitSchema = z
  .enum(['us', 'cpu-us', 'ns', 'per-s', 'share', 'count', 'bytes', 'ratio', 'points'])
  .describe('us, ns: time; cpu-us: CPU time; per-s: a rate; share: 0 to 1');

const intervalSchema = z
  .strictObject({
    low: z.number(),
    high: z.number(),
    level: z.number().optional().describe('0.95 of a confidence interval; absent: the range of the rounds'),
  })
  .describe('Range of the rounds, or a confidence interval');

const figureSchema = z.strictObject({
  name: z.string(),
  of: z.string().optional().describe('Id of the subject that it is of, where there are several'),
  value: z.number().nullable().describe('null: asked for, and not known'),
  unit: unitSchema,
  interval: intervalSchema.optional(),
});

const caveatSchema = z.strictObject({
  code: z.string(),
  of: z.string().optional(),
  figures: z.array(figureSchema).optional(),
});

const findingSchema = z
  .strictObject({
    code: z.string().describe('Stable name: fastest-response, success-in-fault, ...'),
    subject: z.array(z.strictObject({ kind: z.string(), id: z.string() })),
    figures: z.array(figureSchema),
    verdict: z.string().optional(),
    terms: z.record(z.string(), z.string()).optional(),
    caveats: z.array(caveatSchema),
  })
  .describe('One finding of the measurement');

const cellSchema = z.strictObject({
  text: z.string().describe('As a person reads it'),
  value: z.number().nullable(),
  unit: unitSchema.nullable().describe('Of value; null where the text is all'),
  interval: intervalSchema.optional(),
  note: z.string().optional().describe('A second line'),
});

const tableSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  columns: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  rows: z.array(
    z.strictObject({
      id: z.string().describe('Of the pattern, claim or point'),
      title: z.string(),
      part: z.string().optional().describe('Distinguishes several rows of one pattern'),
      cells: z.record(z.string(), cellSchema).describe('By column id'),
    }),
  ),
});

const axisSchema = z.strictObject({
  title: z.string(),
  unit: unitSchema,
  scale: z.enum(['linear', 'log']),
  from: z.number(),
  to: z.number(),
});

const pointSchema = z.strictObject({
  x: z.number(),
  y: z.number(),
  interval: z.tuple([z.number(), z.number()]).optional(),
  isSaturated: z.literal(true).optional(),
});

const seriesSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('points'),
    title: z.string(),
    points: z.array(pointSchema),
    gaps: z.array(z.number()).describe('Values of x at which nothing valid was measured'),
  }),
  z.strictObject({
    kind: z.literal('bars'),
    title: z.string(),
    bars: z.array(z.strictObject({ from: z.number(), to: z.number(), y: z.number().nullable() })),
  }),
  z.strictObject({
    kind: z.literal('states'),
    title: z.string(),
    initial: z.string(),
    stays: z.array(
      z.strictObject({
        state: z.string(),
        from: z.number(),
        to: z.number().nullable().describe('null: until the end'),
        cause: z.string(),
        counts: z.record(z.string(), z.number()),
      }),
    ),
  }),
]);

const chartSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  x: axisSchema,
  y: axisSchema.nullable(),
  series: z.array(seriesSchema),
  spans: z.array(z.strictObject({ title: z.string(), from: z.number(), to: z.number() })),
});

const checkSchema = z.strictObject({
  suite: z.string(),
  name: z.string(),
  state: z.enum(['passed', 'failed', 'skipped', 'error']),
  verdict: z.string(),
  text: z.string(),
});

const explanationSchema = z.strictObject({
  title: z.string(),
  rule: z.string(),
  rows: z.array(z.strictObject({ title: z.string(), verdict: z.string(), figures: z.array(z.string()) })),
});

export const reportSchema = z.strictObject({
  format: z.literal('commbench-report'),
  version: z.literal(REPORT_VERSION),
  title: z.string(),
  file: z.string().nullable().describe('The result file: the raw record'),
  about: z.array(z.string()).describe('What was run, and where'),
  summary: z.array(z.string()).describe('The findings in words'),
  findings: z.array(findingSchema),
  warnings: z.array(z.strictObject({ code: z.string(), text: z.string(), hint: z.string() })),
  checks: z.array(checkSchema).describe('What passed or failed; empty where nothing can'),
  explanations: z.array(explanationSchema).describe('How each verdict was reached'),
  tables: z.array(tableSchema),
  charts: z.array(chartSchema),
});
export type ReportData = z.infer<typeof reportSchema>;

/** The schema for programs, as `commbench schema result` prints it. */
export function reportJsonSchema(): object {
  return { title: 'commbench report', ...z.toJSONSchema(reportSchema) };
}
