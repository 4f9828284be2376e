import { z } from 'zod';
import { replyValueAt } from '../../contracts/target.ts';
import type { SendResult } from '../../kernel/transport.ts';
import { type Answer, answerText, singleValues } from './answer.ts';

const CLASS = /^[1-5]xx$/;
const statusSchema = z.union([
  z.number().int().min(100).max(599),
  z.string().regex(CLASS, 'a status, or a class of them such as 2xx'),
]);

/** The condition under which a target's answer counts as done: every named part must hold. */
export const successSchema = z.strictObject({
  status: z
    .union([statusSchema, z.array(statusSchema).min(1).max(50)])
    .default('2xx')
    .describe('required status: a number, a class such as 2xx, or a list of them'),
  contains: z.string().min(1).max(1000).optional().describe('text that the body must contain'),
  equals: z
    .record(z.string().min(1).max(200), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .describe('values that the JSON body must have, by path: { data.id: 5, items.0.state: open }'),
});
export type Success = z.infer<typeof successSchema>;

/** The reading of a target's answers. */
export interface SuccessVerdict {
  /** The rule needs more than the status; otherwise the body is discarded as it arrives. */
  readonly needsBody: boolean;
  /** @param body decoded */
  of(answer: Answer, body: Buffer): SendResult;
}

/**
 * A parsed success rule.
 * @param isTaken later requests take values from the answer, which the reply then has
 */
export function successVerdictOf(
  { status: wanted, contains, equals = {} }: Success,
  isTaken = false,
): SuccessVerdict {
  const list = [wanted].flat();
  const isWanted = (status: number) =>
    list.some((one) => one === status || one === `${Math.floor(status / 100)}xx`);
  const fields = Object.entries(equals).map(([path, value]) => ({ path, keys: path.split('.'), value }));
  const text = contains === undefined ? undefined : Buffer.from(contains);

  const broken = (body: Buffer): string | undefined => {
    if (text && !body.includes(text)) return 'Expected an answer with the text of success.contains';
    if (fields.length === 0) return undefined;
    const json = parsed(body);
    if (json === undefined) return 'Expected JSON';
    const wrong = fields.find(({ keys, value }) => replyValueAt(json, keys) !== value);
    return (
      wrong && `Expected ${wrong.path} as in success.equals, found ${kindOf(replyValueAt(json, wrong.keys))}`
    );
  };
  return {
    needsBody: isTaken || text !== undefined || fields.length > 0,
    of(answer, body) {
      const { status, headers, waitedNs } = answer;
      if (!isWanted(status)) {
        const detail = `${answerText(status, headers['location'])}; success.status requires ${list.join(' or ')}`;
        return failure('error', status, detail, waitedNs);
      }
      const detail = broken(body);
      if (detail !== undefined) return failure('contract-broken', status, detail, waitedNs);
      if (!isTaken) return { kind: 'reply', body: undefined, status, waitedNs };
      return { kind: 'reply', body: parsed(body), headers: singleValues(headers), status, waitedNs };
    },
  };
}

/** The same in words, for the guarantee. */
export function successText({ status, contains, equals = {} }: Success): string {
  const rest = [
    ...(contains === undefined ? [] : [`whose body contains ${JSON.stringify(contains)}`]),
    ...Object.entries(equals).map(([path, value]) => `with ${path} ${JSON.stringify(value)}`),
  ];
  return [`an answer of HTTP ${[status].flat().join(' or ')}`, ...rest].join(', ');
}

function failure(
  outcome: 'error' | 'contract-broken',
  status: number,
  detail: string,
  waitedNs: number,
): SendResult {
  return { kind: 'failure', outcome, noEffect: false, status, detail, waitedNs };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Values of answers are shown nowhere. */
function kindOf(value: unknown): string {
  return value === undefined ? 'nothing' : `another ${value === null ? 'value' : typeof value}`;
}
