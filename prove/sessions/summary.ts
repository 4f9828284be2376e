import { existsSync, readFileSync } from 'node:fs';

interface SessionWord {
  readonly measured: string;
  /** Null: the pattern that the others are compared with. */
  readonly verdict: string | null;
}

export interface SessionPattern {
  readonly id: string;
  readonly title: string;
  /** Logarithm of the completion p50 over the reference's, one a round; empty for the reference. */
  readonly logRatios: readonly number[];
  readonly words: Readonly<Record<'latency' | 'coupling', SessionWord>>;
}

/** One whole run of `pattern-comparison`. */
export interface Session {
  readonly commit: string;
  /** Share of all cores that other programs were made to use. */
  readonly others: number;
  readonly startedAt: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly state: string;
  readonly wallS: number;
  readonly patterns: readonly SessionPattern[];
}

export function readSessions(file: string): Session[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Session);
}

/** Scatter between runs, by analysis of variance: what the means of runs scatter beyond what their rounds explain. */
export function scatterBetween(runs: readonly (readonly number[])[]): { deviation: number; degrees: number } {
  const known = runs.filter((rounds) => rounds.length >= 2);
  if (known.length < 2) return { deviation: Number.NaN, degrees: 0 };
  const means = known.map(meanOf);
  const ofMeans = varianceOf(means);
  const within = meanOf(known.map((rounds) => varianceOf(rounds) / rounds.length));
  return { deviation: Math.sqrt(Math.max(0, ofMeans - within)), degrees: known.length - 1 };
}

/** One block for each share of other programs. */
export function summaryOfSessions(all: readonly Session[]): string {
  const shares = [...new Set(all.map(({ others }) => others))].toSorted((a, b) => a - b);
  const lines = shares.flatMap((share) =>
    blockOf(
      share,
      all.filter(({ others }) => others === share),
    ),
  );
  return `${[...lines, `both supported and contradicted: ${changedWords(all).join('; ') || 'none'}`].join('\n')}\n`;
}

function blockOf(share: number, sessions: readonly Session[]): string[] {
  const of = `${sessions.length} whole runs of pattern-comparison`;
  const title =
    share === 0
      ? `${of}, nothing else on the machine`
      : `${of} beside other programs at ${100 * share} % of the cores`;
  const ids = [...new Set(sessions.flatMap(({ patterns }) => patterns.map(({ id }) => id)))];
  return [
    `${title}: ${sessions.map(({ wallS }) => wallS).join(', ')} s`,
    ...ids.map((id) => patternLine(id, sessions)),
    '',
  ];
}

function patternLine(id: string, sessions: readonly Session[]): string {
  const own = sessions.flatMap(({ patterns }) => patterns.filter((pattern) => pattern.id === id));
  const runs = own.map(({ logRatios }) => logRatios).filter((rounds) => rounds.length > 0);
  const ratios = runs.map((rounds) => Math.exp(meanOf(rounds)).toFixed(2)).join(', ');
  const { deviation } = scatterBetween(runs);
  const scatter = Number.isNaN(deviation)
    ? ''
    : `; between runs ${(100 * Math.expm1(deviation)).toFixed(1)} %`;
  const words = own.map(
    ({ words: { latency } }) => `${latency.measured} (${latency.verdict ?? 'reference'})`,
  );
  return `  ${own[0]!.title}: ${runs.length === 0 ? '' : `${ratios}${scatter}; `}latency ${words.join(', ')}`;
}

/** Words that one run supports and another contradicts, whatever else was on the machine. */
export function changedWords(all: readonly Session[]): string[] {
  const patterns = all.flatMap((session) => session.patterns);
  const ids = [...new Set(patterns.map(({ id }) => id))];
  return ids.flatMap((id) =>
    (['latency', 'coupling'] as const).flatMap((aspect) => {
      const own = patterns.filter((pattern) => pattern.id === id);
      const verdicts = own.map(({ words }) => words[aspect].verdict);
      const isBoth = verdicts.includes('supported') && verdicts.includes('contradicted');
      return isBoth ? [`${own[0]!.title} ${aspect}`] : [];
    }),
  );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
