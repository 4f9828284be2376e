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
  /** Shares of all cores that other programs used while trials were measured: the mean, and the most in one trial. */
  readonly othersSeen: { readonly mean: number; readonly most: number };
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
  return pooledScatter([runs]);
}

/**
 * The same of several ratios together: their variances between runs are averaged before the root is taken, and one may
 * come out below 0.
 */
export function pooledScatter(ratios: readonly (readonly (readonly number[])[])[]): {
  deviation: number;
  degrees: number;
} {
  const known = ratios
    .map((runs) => runs.filter((rounds) => rounds.length >= 2))
    .filter((runs) => runs.length >= 2);
  if (known.length === 0) return { deviation: Number.NaN, degrees: 0 };
  const between = known.map((runs) => {
    const within = meanOf(runs.map((rounds) => varianceOf(rounds) / rounds.length));
    return varianceOf(runs.map(meanOf)) - within;
  });
  const degrees = known.reduce((n, runs) => n + runs.length - 1, 0);
  return { deviation: Math.sqrt(Math.max(0, meanOf(between))), degrees };
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
      ? `${of}, no other programs started`
      : `${of} beside other programs at ${100 * share} % of the cores`;
  const ids = [...new Set(sessions.flatMap(({ patterns }) => patterns.map(({ id }) => id)))];
  return [
    `${title}: ${sessions.map(({ wallS }) => wallS).join(', ')} s`,
    `  other programs used ${sessions.map(({ othersSeen: { mean, most } }) => `${percent(mean)} (up to ${percent(most)} in a trial)`).join(', ')}`,
    ...ids.map((id) => patternLine(id, sessions)),
    pooledLine(ids, sessions),
    '',
  ];
}

function pooledLine(ids: readonly string[], sessions: readonly Session[]): string {
  const { deviation, degrees } = pooledScatter(
    ids.map((id) =>
      sessions.flatMap(({ patterns }) =>
        patterns.filter((one) => one.id === id).map(({ logRatios }) => logRatios),
      ),
    ),
  );
  if (degrees === 0) return '  scatter between runs: one run shows none';
  return `  all ratios together: ${deviation.toFixed(3)} of a logarithm between runs, ${degrees} degrees of freedom`;
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
    ({ words: { latency } }) => `${latency.measured || 'no word'} (${latency.verdict ?? 'reference'})`,
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

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
