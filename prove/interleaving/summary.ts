import { draw } from '../../src/kernel/random.ts';
import { meanInterval, studentQuantile } from '../../src/measure/stats/ratio.ts';
import { evenMedian } from '../../src/measure/stats/median.ts';
import { type Figure, FIGURES, type Found, type Mode, MODES, type Turn } from './turn.ts';

const LEVEL = 0.95;
const RESAMPLES = 4000;

/** What finer interleaving buys, for each share of other programs: widths of intervals, and the bias between both. */
export function summaryOfTurns(turns: readonly Turn[]): string {
  const series = [...Map.groupBy(turns, ({ beside, others }) => `${beside}\n${others}`).values()];
  const lines = [
    'gRPC over REST at 200/s, ratio of medians: whole trials in pairs, and blocks of 250 ms in turn (switchback)',
    `${turns.length} turns made, none left out`,
    ...series.flatMap((own) => ['', ...seriesLines(own)]),
  ];
  return `${lines.join('\n')}\n`;
}

function seriesLines(turns: readonly Turn[]): string[] {
  const { others, beside } = turns[0]!;
  const made = others === 0 ? 'no programs made' : `programs made to use ${100 * others} % of all cores`;
  return [
    beside === '' ? made : `${made}; beside ${beside}`,
    ...MODES.map((mode) => effortLine(mode, turns)),
    ...FIGURES.flatMap((figure) => figureLines(figure, turns)),
  ];
}

function effortLine(mode: Mode, turns: readonly Turn[]): string {
  const own = turns.filter((turn) => turn.mode === mode);
  const taken = own.flatMap((turn) => turn.taken).filter((one) => one !== null);
  return `  ${mode}: ${own.length} turns, ${evenMedian(own.map(({ wallS }) => wallS)).toFixed(1)} s each, others used ${percent(evenMedian(taken))} (median)`;
}

function figureLines(figure: Figure, turns: readonly Turn[]): string[] {
  const found = (mode: Mode) =>
    turns.filter((turn) => turn.mode === mode).flatMap((turn) => turn.found[figure] ?? []);
  const [pairs, blocks] = [found('pairs'), found('switchback')];
  const compared = comparedBy(pairs.map(logOf), blocks.map(logOf));
  return [
    `  ${figure} p50`,
    `    pairs:      ${intervalText(pairs)}`,
    `    switchback: ${intervalText(blocks)}`,
    ...(compared
      ? [
          `    width of the interval, switchback / pairs: ${compared.width.toFixed(2)} [${compared.widthLow.toFixed(2)}–${compared.widthHigh.toFixed(2)}]`,
          `    bias, switchback / pairs: ${ratioText(compared.bias)}`,
        ]
      : []),
  ];
}

const logOf = ({ logRatio }: Found) => logRatio;

function intervalText(found: readonly Found[]): string {
  const interval = meanInterval(found.map(logOf), LEVEL);
  if (!interval) return `${found.length} turns with a ratio`;
  const [rest, grpc] = [found.map(({ restUs }) => restUs), found.map(({ grpcUs }) => grpcUs)].map((us) =>
    (evenMedian(us) / 1000).toFixed(2),
  );
  return `${ratioText(interval)}, one turn scatters by ${percent(Math.expm1(interval.deviation))}, ${found.length} turns; REST ${rest} ms, gRPC ${grpc} ms`;
}

/** Logs of ratios, as `1.50 [1.40–1.61]`. */
function ratioText({ mean, low, high }: { mean: number; low: number; high: number }): string {
  const [at, from, to] = [mean, low, high].map((log) => Math.exp(log).toFixed(3));
  return `${at} [${from}–${to}]`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export interface Compared {
  /** Width of the second's interval over the first's, for as many turns of each, with its 95 % interval. */
  readonly width: number;
  readonly widthLow: number;
  readonly widthHigh: number;
  /** Difference of the mean logs, second − first, with its 95 % interval (Welch). */
  readonly bias: { readonly mean: number; readonly low: number; readonly high: number };
}

/** Undefined for fewer than three turns of either. */
export function comparedBy(first: readonly number[], second: readonly number[]): Compared | undefined {
  if (Math.min(first.length, second.length) < 3) return undefined;
  const [a, b] = [meanInterval(first, LEVEL)!, meanInterval(second, LEVEL)!];
  const resampled = Array.from({ length: RESAMPLES }, (_, i) => {
    return deviationOf(resample(second, i, 2)) / deviationOf(resample(first, i, 1));
  }).toSorted((x, y) => x - y);
  const at = (share: number) => resampled[Math.floor(share * (RESAMPLES - 1))]!;
  return {
    width: b.deviation / a.deviation,
    widthLow: at((1 - LEVEL) / 2),
    widthHigh: at((1 + LEVEL) / 2),
    bias: difference(a, first.length, b, second.length),
  };
}

type Sample = { readonly mean: number; readonly deviation: number };

function difference(a: Sample, countA: number, b: Sample, countB: number) {
  const [ofA, ofB] = [a.deviation ** 2 / countA, b.deviation ** 2 / countB];
  const degrees = (ofA + ofB) ** 2 / (ofA ** 2 / (countA - 1) + ofB ** 2 / (countB - 1));
  const half = studentQuantile(LEVEL, Math.max(1, Math.floor(degrees))) * Math.sqrt(ofA + ofB);
  const mean = b.mean - a.mean;
  return { mean, low: mean - half, high: mean + half };
}

function resample(values: readonly number[], turn: number, seed: number): number[] {
  return values.map((_, i) => values[Math.floor(draw(seed, 'resample', turn, i) * values.length)]!);
}

function deviationOf(values: readonly number[]): number {
  return meanInterval(values, LEVEL)!.deviation;
}
