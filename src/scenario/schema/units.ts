/** Durations and rates in users' notation: on the command line, in `--set`, and in the fields of a scenario. */
const DURATION_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
const MULTIPLE: Readonly<Record<string, number>> = { '': 1, k: 1000, M: 1e6 };

/** Milliseconds of `500ms`, `3s`, `2m`, `1.5h`; a bare number is refused, because its unit would be a guess. */
export function parseDurationMs(text: string): number | undefined {
  const [, figure, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)$/.exec(text.trim()) ?? [];
  return figure === undefined ? undefined : exact(Number(figure) * DURATION_MS[unit!]!);
}

/** Arrivals per second of `200`, `200/s`, `1.5k/s`, `6000/min`. */
export function parseRatePerS(text: string): number | undefined {
  const [, figure, multiple, per] =
    /^(\d+(?:\.\d+)?)\s*([kM]?)\s*(?:\/\s*(s|min|m|h))?$/.exec(text.trim()) ?? [];
  if (figure === undefined) return undefined;
  return exact((Number(figure) * MULTIPLE[multiple!]! * 1000) / DURATION_MS[per ?? 's']!);
}

const BYTES: Readonly<Record<string, number>> = { '': 1, k: 1000, K: 1000, M: 1e6, Ki: 1024, Mi: 1024 ** 2 };

/** Bytes of `100`, `100B`, `18kB`, `18 KB`, `1MB`, `1MiB`. */
export function parseBytes(text: string): number | undefined {
  const [, figure, multiple] = /^(\d+(?:\.\d+)?)\s*(?:([kKM]|[KM]i)?B)?$/.exec(text.trim()) ?? [];
  if (figure === undefined) return undefined;
  return exact(Number(figure) * BYTES[multiple ?? '']!);
}

/** 0.1 s are 100 ms, not 100.00000000000001. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}

/** Whether the name of a field says that it is a time or a rate. */
export function hasUnit(key: string): boolean {
  return key === 'ms' || /(?:Ms|PerS)$/.test(key);
}

/** The number that a field of this name takes for a text such as `3s`, `20ms`, `200/s` or `1MB/s`; undefined: none. */
export function parseUnit(key: string, text: string): number | undefined {
  if (key === 'ms' || key.endsWith('Ms')) return parseDurationMs(text);
  if (key === 'bytesPerS') return parseBytes(text.replace(/\s*\/\s*s$/, ''));
  return key.endsWith('PerS') ? parseRatePerS(text) : undefined;
}
