import { z } from 'zod';
import { clientText, targetConnectionsText } from '../http/client-facts.ts';
import { successSchema, successText } from '../http/success.ts';
import { alpnOfHttp, headersSchema, HTTP_CREDENTIALS, httpVersionSchema } from '../http/target.ts';
import type { TargetSupport } from '../../kernel/transport.ts';
import type { RestOptions } from './options.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'] as const;

const targetSchema = z.strictObject({
  method: z.enum(METHODS).optional().describe('default: POST with a body, else GET'),
  path: z
    .string()
    .regex(/^(?:\/|\{\{)[\u0021-\u007e{} ]*$/, 'a path that begins with /')
    .max(2000)
    .optional()
    .describe("path of the requests, with {{holes}}; default: the URL's own"),
  headers: headersSchema,
  httpVersion: httpVersionSchema,
  body: z.json().optional().describe('body, with {{holes}}: a text is sent as it is, anything else as JSON'),
  success: successSchema.prefault({}).describe('when an answer counts as success'),
});
export type RestTarget = z.infer<typeof targetSchema>;

/** An HTTP server of the user's own: any method, path, headers and body, with its success rule. */
export const restTarget: TargetSupport<RestOptions, RestTarget> = {
  settings: targetSchema,
  shared: ['httpVersion'],
  streams: true,
  takes: 'body-and-headers',
  alpn: alpnOfHttp,
  credentials: HTTP_CREDENTIALS,
  acknowledgedBy: ({ success }) => `the target, by ${successText(success)}`,
  fairness: (options, { pathname }, settings) => ({
    requests: `${methodOf(settings)} ${settings.path ?? pathname}`,
    protocol: `HTTP/${settings.httpVersion}, ${clientText(options)} as the client`,
    connections: targetConnectionsText(options, settings.httpVersion),
    noDelay: 'in the client; unknown for the target',
    retries: 'none: a lost reply stays unknown',
  }),
};

export function methodOf({ method, body }: RestTarget): (typeof METHODS)[number] {
  return method ?? (body === undefined ? 'GET' : 'POST');
}
