import { mergeFailureTexts } from '../../measure/logs/failure-texts.ts';
import type { EventLoopHealth, GeneratorMessage } from '../../plan/generator-plan.ts';
import type { WireBytes } from '../../measure/logs/wire-count.ts';

/** Merged messages of a trial's generators, as if there were one; `callsOf` is by shard. */
export interface GeneratorMessages {
  readonly paced: { readonly pacing: string };
  readonly warmed: DataOf<'warmed'> & ByShard;
  readonly looped: DataOf<'looped'> & ByShard;
  readonly settled: DataOf<'settled'> & ByShard;
  readonly ready: object;
  readonly sent: DataOf<'sent'>;
  readonly done: Omit<DataOf<'done'>, 'arrivalsPath'> & {
    /** In the order of the shards. */
    readonly arrivalsPaths: readonly string[];
  };
}

interface ByShard {
  readonly callsOf: readonly number[];
}
type LineOf<T extends GeneratorMessage['type']> = Extract<GeneratorMessage, { type: T }>;
type DataOf<T extends GeneratorMessage['type']> = Omit<LineOf<T>, 'n' | 'type'>;

/** Merges messages of shards: counts add up, and the worst condition of any shard holds for all. */
const AS_ONE: { [T in keyof GeneratorMessages]: (lines: readonly LineOf<T>[]) => GeneratorMessages[T] } = {
  paced: (lines) => ({ pacing: [...new Set(lines.map(({ pacing }) => pacing))].join(', ') }),
  warmed: oneLoop,
  looped: oneLoop,
  settled: (lines) => ({
    ...callsIn(lines),
    isSteady: lines.every(({ isSteady }) => isSteady),
    windowP50Ns: slowestWindows(lines.map(({ windowP50Ns }) => windowP50Ns)),
  }),
  ready: () => ({}),
  sent: (lines) => ({ dispatched: sum(lines, ({ dispatched }) => dispatched) }),
  done: (lines) => ({
    arrivalsPaths: lines.map(({ arrivalsPath }) => arrivalsPath),
    loop: worstOf(lines.map(({ loop }) => loop)),
    cpuUs: sum(lines, ({ cpuUs }) => cpuUs),
    spanNs: Math.max(...lines.map(({ spanNs }) => spanNs)),
    maxRssBytes: sum(lines, ({ maxRssBytes }) => maxRssBytes),
    wire: wireIn(lines.map(({ wire }) => wire)),
    failureTexts: mergeFailureTexts(lines.map(({ failureTexts }) => failureTexts)),
    connections: {
      atStart: sum(lines, ({ connections }) => connections.atStart),
      opened: sum(lines, ({ connections }) => connections.opened),
      refused: sum(lines, ({ connections }) => connections.refused),
    },
  }),
};

/** @param lines one of each generator, in the order of their shards */
export function asOne<T extends keyof GeneratorMessages>(
  type: T,
  lines: readonly LineOf<T>[],
): GeneratorMessages[T] {
  return AS_ONE[type](lines);
}

/** Parallel closed loops are one loop of all their callers. */
function oneLoop(lines: readonly (LineOf<'warmed'> | LineOf<'looped'>)[]): GeneratorMessages['warmed'] {
  const medians = lines.map(({ p50Ns }) => p50Ns);
  return {
    ...callsIn(lines),
    failed: sum(lines, ({ failed }) => failed),
    failure: lines.find(({ failure }) => failure !== null)?.failure ?? null,
    perS: sum(lines, ({ perS }) => perS),
    // The highest: medians cannot be merged.
    p50Ns: medians.includes(null) ? null : Math.max(...medians.map(Number)),
    fromNs: Math.min(...lines.map(({ fromNs }) => fromNs)),
    toNs: Math.max(...lines.map(({ toNs }) => toNs)),
  };
}

function callsIn(lines: readonly { readonly calls: number }[]) {
  return { calls: sum(lines, ({ calls }) => calls), callsOf: lines.map(({ calls }) => calls) };
}

function sum<T>(lines: readonly T[], of: (line: T) => number): number {
  return lines.reduce((total, line) => total + of(line), 0);
}

/** The highest median of each window: medians cannot be merged, and their average is no median. */
function slowestWindows(all: readonly (readonly number[])[]): number[] {
  const windows = Math.max(...all.map(({ length }) => length));
  return Array.from({ length: windows }, (_, i) => Math.max(...all.flatMap((own) => own[i] ?? [])));
}

function worstOf(loops: readonly EventLoopHealth[]): EventLoopHealth {
  const most = (name: keyof EventLoopHealth) => Math.max(...loops.map((loop) => loop[name]));
  return {
    loopDelayP99Ns: most('loopDelayP99Ns'),
    loopDelayMaxNs: most('loopDelayMaxNs'),
    gcCount: most('gcCount'),
    gcTotalNs: most('gcTotalNs'),
    gcMaxNs: most('gcMaxNs'),
  };
}

function wireIn(counts: readonly (WireBytes | null)[]): WireBytes | null {
  const known = counts.filter((count) => count !== null);
  if (known.length < counts.length) return null;
  return { sent: sum(known, ({ sent }) => sent), received: sum(known, ({ received }) => received) };
}
