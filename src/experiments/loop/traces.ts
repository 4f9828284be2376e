import { isHttp } from '../../commands/options/options.ts';
import type { Context } from '../../commands/terminal/context.ts';
import { postText } from '../../commands/terminal/post.ts';
import type { TraceLog } from '../../trial/tracing/trace-log.ts';

/** Whether and where a run's requests are traced. */
export interface TraceOptions {
  /** A file or a URL. */
  readonly traceOut?: string;
  readonly traceSample?: number;
}

/** What a run needs to be traced, or nothing. */
interface Traces {
  readonly condition: { readonly traces?: TraceLog };
  /** For the record: a traced request has a header more. */
  readonly option: { readonly traceSample?: number };
  /** Once the run is over. @throws CommbenchError cannot-write */
  send(): Promise<void>;
}

const NONE: Traces = { condition: {}, option: {}, send: () => Promise.resolve() };

/** @throws CommbenchError cannot-write */
export async function openTraces(
  { env }: Context,
  { traceOut, traceSample = 1 }: TraceOptions,
): Promise<Traces> {
  if (traceOut === undefined) return NONE;
  const { createTraceLog, openTraceFile } = await import('../../trial/tracing/trace-log.ts');
  const bodies: string[] = [];
  // A server gets them when nothing is measured any more.
  const take = isHttp(traceOut) ? (line: string) => void bodies.push(line) : openTraceFile(traceOut);
  return {
    condition: { traces: createTraceLog(traceSample, take) },
    option: { traceSample },
    async send() {
      for (const body of bodies) await postText(traceOut, body, 'application/json', env);
    },
  };
}
