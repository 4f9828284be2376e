/** How a figure is written, from the rule alone: three digits, and never rounded to a claim. */

/** `5,000`. */
export function count(n: number): string {
  return String(Math.round(n)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Two decimals below 10, one below 100, else none; what is rounded up to 10 or 100 has the digits of that. */
function threeDigits(value: number): string {
  const decimals = [2, 1].find((n) => Number(value.toFixed(n)) < 10 ** (3 - n));
  return decimals === undefined ? count(value) : value.toFixed(decimals);
}

export function us(value: number): string {
  return value < 1e6 ? `${threeDigits(value / 1e3)} ms` : `${threeDigits(value / 1e6)} s`;
}

/** Without units where both ends have the unit of their figure. */
export function usRange(low: number, high: number, of: number): string {
  const [a, b, unit] = [us(low), us(high), us(of).split(' ')[1]!];
  const isSame = [a, b].every((end) => end.endsWith(` ${unit}`));
  return isSame ? `${a.split(' ')[0]}–${b.split(' ')[0]}` : `${a}–${b}`;
}

export function share(part: number): string {
  if (part === 1) return '100 %';
  const percent = (100 * part).toFixed(1);
  if (part < 1 && percent === '100.0') return '>99.9 %';
  return part > 0 && percent === '0.0' ? '<0.1 %' : `${percent} %`;
}

export function rate(perS: number): string {
  return `${perS < 100 ? Number(perS.toPrecision(3)) : count(perS)}/s`;
}

export function cpuUs(value: number): string {
  return `${count(value)} µs`;
}

export function bytes(n: number): string {
  const power = [1, 2, 3].findLast((i) => n >= 1000 ** i);
  return power === undefined
    ? `${count(n)} B`
    : `${threeDigits(n / 1000 ** power)} ${['kB', 'MB', 'GB'][power - 1]}`;
}

export function ratio(times: number): string {
  return `${threeDigits(times)}×`;
}

export function ratioInterval(of: { mean: number; low: number; high: number }): string {
  return `${ratio(of.mean)} [${threeDigits(of.low)}–${threeDigits(of.high)}]`;
}

/** A setting, or an instant, as exact as it is. */
export function ms(value: number): string {
  if (value < 1000) return `${Number(value.toFixed(3))} ms`;
  return value < 120_000
    ? `${Number((value / 1000).toFixed(2))} s`
    : `${Number((value / 60_000).toFixed(2))} min`;
}

/** An instant on the timeline of a trial: whole ms, from a second on hundredths. */
export function instant(ns: number): string {
  const exact = ns / 1e6;
  return ms(exact < 1000 ? Math.round(exact) : 10 * Math.round(exact / 10));
}

/** `p99.9`. */
export function quantile(q: number): string {
  return `p${Number((100 * q).toFixed(4))}`;
}

export function plural(n: number, one: string): string {
  return `${count(n)} ${one}${n === 1 ? '' : 's'}`;
}

/** `+5.7`: percent of a share, with its sign, unless it is written as nothing. */
function signedPercent(part: number): string {
  const text = Math.abs(100 * part).toFixed(1);
  if (Number(text) === 0) return text;
  return `${part < 0 ? '−' : '+'}${text}`;
}

export function points(part: number): string {
  return `${signedPercent(part)} points`;
}

export function pointsInterval({ mean, low, high }: { mean: number; low: number; high: number }): string {
  return `${points(mean)} [${signedPercent(low)} to ${signedPercent(high)}]`;
}
