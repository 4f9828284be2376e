import { CommbenchError } from '../../kernel/errors.ts';
import { redactUrl } from '../../kernel/redact.ts';

const LIMIT_MS = 10_000;
const PLAIN = 'text/plain; charset=utf-8';
/** What a server said is shown as far as it helps. */
const LONGEST_ANSWER = 200;

/**
 * Sends a text to a server that the user named: a collector, a push gateway. Further headers, such as a token, come from
 * OTEL_EXPORTER_OTLP_HEADERS, as OpenTelemetry's exporters take them: `name=value,name=value`.
 * @throws CommbenchError cannot-write
 */
export async function postText(
  url: string,
  body: string,
  contentType = PLAIN,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const shown = redactUrl(url);
  try {
    const { place, authorization } = withoutUser(url);
    const headers = {
      ...authorization,
      ...givenHeaders(env['OTEL_EXPORTER_OTLP_HEADERS'] ?? ''),
      'content-type': contentType,
    };
    const answer = await fetch(place, {
      method: 'POST',
      headers,
      body,
      // Headers with secrets are for this server alone.
      redirect: 'error',
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await beginningOf(answer);
    if (answer.ok) return;
    throw new Error(`HTTP ${answer.status} ${text.trim().slice(0, LONGEST_ANSWER)}`.trim());
  } catch (error) {
    throw new CommbenchError('cannot-write', `${shown} did not take the report: ${reasonOf(error)}`, {
      hint: 'Check the URL: an OpenTelemetry collector takes metrics at /v1/metrics and spans at /v1/traces.',
      cause: error,
    });
  }
}

/** What a server goes on to send is not waited for. */
async function beginningOf({ body }: Response): Promise<string> {
  let text = '';
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    if (text.length >= LONGEST_ANSWER) break;
  }
  return text;
}

/** `fetch` takes no user and password in a URL, and would repeat them in its message. */
function withoutUser(url: string): { readonly place: URL; readonly authorization: Record<string, string> } {
  const place = new URL(url);
  const { username, password } = place;
  if (username === '' && password === '') return { place, authorization: {} };
  [place.username, place.password] = ['', ''];
  const user = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { place, authorization: { authorization: `Basic ${user.toString('base64')}` } };
}

function givenHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const [, name, value] = /^\s*([\w-]+)\s*=(.*)$/.exec(pair) ?? [];
    return name === undefined ? [] : [[name, decodeURIComponent(value!.trim())] as const];
  });
  return Object.fromEntries(pairs);
}

/** `fetch` hides the reason in a cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || String(cause) : message;
}
