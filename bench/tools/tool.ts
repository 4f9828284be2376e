import { GRPC_CONNECTIONS, type TestedTool, type Said, saidSchema, type Work } from './record.ts';

/** Whom to call, how, and where files of this turn may be put. */
export interface Job {
  readonly work: Work;
  readonly port: number;
  readonly connections: number;
  /** A fresh path: what a tool writes besides its output. */
  readonly outPath: string;
  /** A fresh path: what a tool has to read (a script, a plan). */
  readonly inPath: string;
}

/** A load tool that the bench knows how to drive and how to read. */
export interface Tool {
  readonly name: string;
  readonly protocol: TestedTool['protocol'];
  /** Program to look for; undefined: it is there for sure. */
  readonly program?: string;
  /** How to get it. */
  readonly get: string | null;
  /** Arguments that make it say its version; absent: it has none. */
  readonly version?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The file at `inPath`, where it needs one. */
  readonly input?: { readonly extension: string; readonly text: (job: Job) => string };
  /** Arguments for arrivals at a constant rate, with places as `argumentsFor` fills them. */
  readonly open: readonly string[];
  /** For a single request; absent: it can't do that. */
  readonly one?: readonly string[];
  /**
   * @param output all that it printed
   * @param file gives the text of the file at `outPath`
   * May throw, or give figures that are none, where it is not what the tool prints: ask `saidBy`.
   */
  read(output: string, file: () => string, job: Job): Said;
}

/** A tool that is here: its program, and the arguments that always come first. */
export interface FoundTool {
  readonly tool: Tool;
  readonly file: string;
  readonly first: readonly string[];
}

export function urlOf({ port }: Job): string {
  return `http://127.0.0.1:${port}/`;
}

/** Over gRPC; no more than callers, with which ghz would not start. */
export function channelsOf({ connections }: Job): number {
  return Math.min(GRPC_CONNECTIONS, connections);
}

/** The tool's arguments for this job, every place filled; undefined: it can't do this work. */
export function argumentsFor(tool: Tool, job: Job): readonly string[] | undefined {
  const { work, connections, port, outPath, inPath } = job;
  const places: Readonly<Record<string, string>> = {
    url: urlOf(job),
    host: `127.0.0.1:${port}`,
    rate: `${work.ratePerS}`,
    ratePerConnection: `${work.ratePerS / connections}`,
    seconds: `${work.seconds}`,
    connections: `${connections}`,
    channels: `${channelsOf(job)}`,
    out: outPath,
    in: inPath,
  };
  const words = work.kind === 'one' ? tool.one : tool.open;
  return words?.map((word) => word.replace(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole));
}

/** @throws Error where it is not what the tool prints */
export function saidBy(tool: Tool, output: string, file: () => string, job: Job): Said {
  return saidSchema.parse(tool.read(output, file, job));
}
