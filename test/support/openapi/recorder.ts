import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { decodedParameter, plainForms } from './decode.ts';
import { type ApiRules, type Json, rulesOf } from './rules.ts';

/**
 * A server that answers as an OpenAPI document says, and writes down every request that breaks it. It shares no code with
 * what makes the requests: routes and styles are its own, and schemas are checked by another library, in the document's own
 * dialect.
 */
export interface Recorder extends AsyncDisposable {
  readonly url: string;
  /** Operations that were called, by method and path of the document. */
  readonly called: ReadonlySet<string>;
  readonly refusals: readonly string[];
}

export async function startRecorder(document: Json, folder: string): Promise<Recorder> {
  const rules = await rulesOf(document, folder);
  const called = new Set<string>();
  const refusals: string[] = [];
  const server = createServer((request, response) => {
    void answered(request, rules)
      .catch((error: unknown) => ({ name: 'unknown', status: 500, problems: [String(error)] }))
      .then(({ name, status, problems }) => {
        called.add(name);
        refusals.push(...problems.map((problem) => `${name}: ${problem} (${request.method} ${request.url})`));
        response.writeHead(problems.length > 0 ? 422 : status).end();
      });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    called,
    refusals,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

interface Answered {
  readonly name: string;
  readonly status: number;
  readonly problems: readonly string[];
}

async function answered(request: IncomingMessage, rules: ApiRules): Promise<Answered> {
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const bytes = await buffer(request);
  const found = rules.route(request.method ?? '', path);
  if (!found) return { name: `${request.method} ${path}`, status: 404, problems: ['no such operation'] };
  const { operation, inPath } = found;
  const problems: string[] = [];
  for (const parameter of operation.parameters) {
    const place = { query, headers: request.headers as Record<string, string>, inPath };
    const value = decodedParameter(parameter, place);
    if (value === undefined) {
      if (parameter.required) problems.push(`${parameter.in} parameter ${parameter.name} is missing`);
      continue;
    }
    const isRight = await anyFits(value, parameter.check);
    if (!isRight) problems.push(`${parameter.in} parameter ${parameter.name} is ${JSON.stringify(value)}`);
  }
  const wrong = await bodyProblem(request, bytes, operation.body);
  return {
    name: operation.name,
    status: operation.status,
    problems: wrong === undefined ? problems : [...problems, wrong],
  };
}

type Body = NonNullable<ReturnType<ApiRules['route']>>['operation']['body'];

async function bodyProblem(request: IncomingMessage, bytes: Buffer, body: Body): Promise<string | undefined> {
  if (bytes.length === 0) return body?.required ? 'the body is missing' : undefined;
  if (!body) return 'there is a body';
  const type = (request.headers['content-type'] ?? '').split(';')[0]!;
  const media = body.media[type] ?? Object.entries(body.media).find(([key]) => matches(key, type))?.[1];
  if (!media) return `the body is ${type}`;
  if (/json/.test(type)) {
    const value: unknown = JSON.parse(bytes.toString());
    return (await media.check(value)) ? undefined : `the body is ${bytes.toString()}`;
  }
  if (type === 'multipart/form-data') return multipartProblem(request, bytes, media.fields);
  if (type === 'application/x-www-form-urlencoded') {
    const missing = media.fields.filter(
      (field) => field.required && !bytes.toString().includes(encodeURIComponent(field.name)),
    );
    return missing.length > 0 ? `the form lacks ${missing.map(({ name }) => name).join(', ')}` : undefined;
  }
  return undefined;
}

async function multipartProblem(
  request: IncomingMessage,
  bytes: Buffer,
  fields: readonly { name: string; required: boolean }[],
) {
  const headers = { 'content-type': String(request.headers['content-type']) };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData();
  const missing = fields.filter(({ name, required }) => required && !form.has(name));
  return missing.length > 0 ? `the form lacks ${missing.map(({ name }) => name).join(', ')}` : undefined;
}

function matches(key: string, type: string): boolean {
  const bare = key.split(';')[0]!.toLowerCase();
  return bare === type || bare === '*/*' || (bare.endsWith('/*') && type.startsWith(bare.slice(0, -1)));
}

/** A text on the wire may stand for a number or a boolean. */
async function anyFits(value: unknown, check: (value: unknown) => Promise<boolean>): Promise<boolean> {
  for (const form of plainForms(value)) if (await check(form)) return true;
  return false;
}
