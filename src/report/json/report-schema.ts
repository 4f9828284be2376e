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
  scale: z.enum(['linear', 'log', 'nines']).describe('nines: of quantiles, -log10(1 - q)'),
  from: z.number(),
  to: z.number(),
});

const pointSchema = z.strictObject({
  x: z.number(),
  y: z.number(),
  interval: z.tuple([z.number(), z.number()]).optional(),
  isSaturated: z.literal(true).optional(),
  isHollow: z.literal(true).optional().describe('Not valid'),
});

const barsSchema = z.array(z.strictObject({ from: z.number(), to: z.number(), y: z.number().nullable() }));

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
    part: z.string().optional(),
    bars: barsSchema,
    control: barsSchema.optional().describe('The same without the fault'),
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
  z.strictObject({
    kind: z.literal('marks'),
    title: z.string(),
    part: z.string(),
    marks: z.array(
      z.strictObject({
        title: z.string(),
        x: z.number(),
        interval: z.tuple([z.number(), z.number()]).optional(),
        isHollow: z.literal(true).optional().describe('Not valid'),
      }),
    ),
  }),
  z.strictObject({
    kind: z.literal('graph'),
    title: z.string(),
    nodes: z.array(
      z.strictObject({
        id: z.string(),
        lines: z.array(z.string()),
        state: z.enum(['plain', 'faulted', 'harmed']),
      }),
    ),
    links: z.array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        lines: z.array(z.string()),
        lostShare: z.number().nullable(),
      }),
    ),
  }),
]);

const chartSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  about: z.string().optional().describe('How to read it'),
  x: axisSchema,
  y: axisSchema.nullable(),
  series: z.array(seriesSchema),
  spans: z.array(z.strictObject({ title: z.string(), from: z.number(), to: z.number() })),
  events: z
    .array(z.strictObject({ title: z.string(), at: z.number(), of: z.string().optional() }))
    .optional()
    .describe('Values of x that matter: a recovery, a knee'),
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
  notes: z.array(z.string()).describe('Footnotes of the tables'),
  run: z.string().describe('The run in a line'),
  validity: z.string().nullable().describe('How many trials may be believed'),
  scope: z.string().nullable().describe('Under which conditions a recommendation holds'),
  setup: z
    .array(
      z.strictObject({
        title: z.string(),
        facts: z.array(z.strictObject({ name: z.string(), value: z.string() })),
      }),
    )
    .describe('What was the same, and what differed'),
  howToRead: z.array(z.string()),
  rules: z.array(z.string()).describe('Thresholds and rules of the verdicts'),
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
