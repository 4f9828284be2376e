import type { FigureUnit } from '../analysis/finding.ts';

/** How figures are written in every report: short, never more precise than they are, never rounded to a claim. */

/** `0.85 ms`, `12.3 ms`, `430 ms`, `4.12 s`: milliseconds as long as that reads well, so that cells compare. */
export function formatUs(us: number): string {
  if (us < 1_000_000) return `${threeDigits(us / 1000)} ms`;
  return `${threeDigits(us / 1_000_000)} s`;
}

/** `0.82–0.95`: without units where both ends have that of the value they belong to. */
export function formatRangeUs(lowUs: number, highUs: number, ofUs: number): string {
  const [low, high, of] = [lowUs, highUs, ofUs].map((us) => formatUs(us).split(' ')) as [
    string[],
    string[],
    string[],
  ];
  const sameUnit = low[1] === of[1] && high[1] === of[1];
  return sameUnit ? `${low[0]}–${high[0]}` : `${low.join(' ')}–${high.join(' ')}`;
}

/** Subtle: 0 % and 100 % are claims, so only exact shares are written so: 0.9996 is `>99.9 %`. */
export function formatShare(share: number): string {
  const text = (share * 100).toFixed(1);
  if (share < 1 && text === '100.0') return '>99.9 %';
  if (share > 0 && text === '0.0') return '<0.1 %';
  if (share === 1) return '100 %';
  return `${text} %`;
}

/** `50 %`: a limit, exactly as it is set. */
export function formatLimit(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** `5,000`. */
export function formatCount(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** `200/s`. */
export function formatRate(perS: number): string {
  return `${perS < 100 ? Number(perS.toPrecision(3)) : formatCount(perS)}/s`;
}

/** CPU time per request: whole microseconds. */
export function formatCpuUs(us: number): string {
  return `${formatCount(us)} µs`;
}

/** `640 B`, `1.24 kB`, `96.0 MB`: decimal units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${formatCount(bytes)} B`;
  const unit =
    bytes < 1e6 ? (['kB', 1e3] as const) : bytes < 1e9 ? (['MB', 1e6] as const) : (['GB', 1e9] as const);
  return `${threeDigits(bytes / unit[1])} ${unit[0]}`;
}

/** `1.32×`. */
export function formatRatio(ratio: number): string {
  return `${threeDigits(ratio)}×`;
}

/** `1.32× [1.25–1.40]`: with its interval. */
export function formatInterval({ ratio, low, high }: { ratio: number; low: number; high: number }): string {
  return `${formatRatio(ratio)} [${threeDigits(low)}–${threeDigits(high)}]`;
}

/** `+23.1 points`: a difference of shares. */
function formatPoints(share: number): string {
  return `${signed(share)} points`;
}

/** `+23.1 points [+20.4 to +25.8]`: with its interval. */
export function formatPointsInterval(interval: { difference: number; low: number; high: number }): string {
  return `${formatPoints(interval.difference)} [${signed(interval.low)} to ${signed(interval.high)}]`;
}

/** One digit after the point, and never a minus before zero. */
function signed(share: number): string {
  const text = (share * 100).toFixed(1);
  if (Number(text) === 0) return '0.0';
  return share > 0 ? `+${text}` : text.replace('-', '−');
}

/** `a, b or c`. */
export function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** `a, b and c`. */
export function andOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `3 s`, `1.5 min`: settings, as they were chosen. */
export function formatMs(ms: number): string {
  if (ms < 1000) return `${Number(ms.toFixed(3))} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(2))} s`;
  return `${Number((ms / 60_000).toFixed(2))} min`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** `p99.9`. */
export function quantileName(quantile: number): string {
  return `p${Number((quantile * 100).toFixed(4))}`;
}

const FORMATS: Readonly<Record<FigureUnit, (value: number) => string>> = {
  us: formatUs,
  ns: (ns) => formatUs(ns / 1000),
  'cpu-us': formatCpuUs,
  'per-s': formatRate,
  share: formatShare,
  count: formatCount,
  bytes: formatBytes,
  ratio: formatRatio,
  points: formatPoints,
};

/** A figure in its unit. */
export function formatFigure(value: number, unit: FigureUnit): string {
  return FORMATS[unit](value);
}

/** Subtle: what is rounded up to 10 or 100 has the digits of that. */
function threeDigits(value: number): string {
  const [hundredths, tenths] = [value.toFixed(2), value.toFixed(1)];
  if (Number(hundredths) < 10) return hundredths;
  return Number(tenths) < 100 ? tenths : formatCount(value);
}
