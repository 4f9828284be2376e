import { z } from 'zod';
import { loadShapeSchema, MAX_DURATION_MS } from '../kernel/load-shape.ts';

/**
 * A scenario as it runs: every default filled in, every bound held. The one source of validation,
 * defaults, editor schema and help (each `.describe` is printed). Times in ms, rates per second.
 */
const ms = (min: number) => z.number().int().min(min).max(MAX_DURATION_MS);
const word = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'Expected a name of a-z, 0-9 and -, at most 40 long');

export const patternSchema = z.strictObject({
  id: word.describe('short name of the row, for --patterns'),
  title: z.string().min(1).max(60).describe('what the table calls the row'),
  transport: word.describe('rest, rabbitmq, ...: a folder of src/transports'),
  interaction: z
    .enum(['request-reply', 'work-queue', 'publish-subscribe', 'event-stream', 'server-stream'])
    .describe('how caller and callee relate'),
  options: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("the transport's own options; see its README"),
});

export const scenarioSchema = z
  .strictObject({
    name: word.describe('name of the scenario'),
    title: z.string().min(1).max(120).describe('one line for list and reports'),
    contract: word.default('users').describe('what is said: users, echo'),
    mix: z
      .array(
        z.strictObject({
          operation: z.string().max(60).describe('operation of the contract'),
          share: z.number().positive().max(1e6).default(1).describe('weight in the mix'),
        }),
      )
      .min(1)
      .max(20)
      .default([{ operation: 'createUser', share: 1 }])
      .describe('which operations arrive, drawn by hash'),
    patterns: z.array(patternSchema).min(1).max(20).describe('the rows to compare'),
    service: z
      .strictObject({
        slots: z
          .number()
          .int()
          .min(1)
          .max(1000)
          .default(10)
          .describe('messages handled at once; also the prefetch'),
        queue: z
          .number()
          .int()
          .min(0)
          .max(100_000)
          .default(1000)
          .describe('how many more may wait for a slot (request-reply only: brokers queue themselves)'),
        holdMs: z.number().min(0).max(60_000).default(0).describe('how long each message occupies its slot'),
      })
      .prefault({})
      .describe('capacity of the callee, the same for every row'),
    load: loadShapeSchema
      .default({ shape: 'constant', ratePerS: 200 })
      .describe('arrivals over time, the same for every row'),
    durationMs: ms(100).default(3000).describe('measured time of a latency trial'),
    deadlineMs: ms(1).default(1000).describe('an answer later than this is not correct; our wait ends'),
    drainMs: ms(0)
      .default(10_000)
      .describe('longest wait after the last arrival for open calls and undone work'),
    keys: z.number().int().min(1).max(1_000_000).default(100).describe('ordering keys'),
    rounds: z.number().int().min(1).max(100).default(5).describe('how often every latency trial runs'),
    warmUp: z
      .strictObject({
        calls: z
          .number()
          .int()
          .min(0)
          .max(1_000_000)
          .default(3000)
          .describe('unmeasured calls before each trial, at least'),
        concurrency: z
          .number()
          .int()
          .min(1)
          .max(1000)
          .default(16)
          .describe('calls open at once while warming up'),
        probeMs: ms(0).default(1000).describe('closed-loop ceiling probe: at least so long'),
      })
      .prefault({})
      .describe('unmeasured load before each trial'),
    outage: z
      .strictObject({
        atMs: ms(0).default(3000).describe('baseline before the fault'),
        forMs: ms(100).default(4000).describe('how long the callee is down'),
        recoveryMs: ms(0).default(5000).describe('measured time after its restart'),
        do: z
          .enum(['kill', 'freeze'])
          .default('kill')
          .describe('kill -9 and restart, or SIGSTOP and SIGCONT'),
      })
      .nullable()
      .default(null)
      .describe('one more trial per row in which the callee is taken away; null = none'),
    floor: z.boolean().default(true).describe('one more trial per row against a service that does nothing'),
  })
  .superRefine((s, ctx) => {
    if (s.outage && s.deadlineMs > s.outage.forMs / 4) {
      ctx.addIssue({
        code: 'custom',
        path: ['deadlineMs'],
        message: `Expected at most a quarter of outage.forMs (${s.outage.forMs / 4} ms), found ${s.deadlineMs}`,
      });
    }
    const ids = s.patterns.map((p) => p.id);
    ids.forEach((id, i) => {
      if (ids.indexOf(id) !== i)
        ctx.addIssue({
          code: 'custom',
          path: ['patterns', i, 'id'],
          message: `Expected every id once, found ${id} again`,
        });
    });
  });
export type Scenario = z.infer<typeof scenarioSchema>;
export type Pattern = z.infer<typeof patternSchema>;
