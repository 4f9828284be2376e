import type { SourceFile } from './tree/source-file.ts';

export interface FunctionFigures {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly longest: number;
}

export function functionFigures(sources: readonly SourceFile[]): FunctionFigures {
  const lengths = sources
    .flatMap(lengthsOf)
    .map(({ length }) => length)
    .toSorted((a, b) => a - b);
  /** Nearest rank. */
  const at = (quantile: number) => lengths[Math.max(0, Math.ceil(quantile * lengths.length) - 1)] ?? 0;
  return { count: lengths.length, p50: at(0.5), p90: at(0.9), longest: at(1) };
}

/** Of each function of a file: lines that are neither blank nor comment alone. */
export function lengthsOf({ functions, codeLines }: SourceFile): { line: number; length: number }[] {
  const isCode = new Set(codeLines);
  return functions.map(({ line, lastLine }) => {
    let length = 0;
    for (let at = line; at <= lastLine; at++) if (isCode.has(at)) length++;
    return { line, length };
  });
}
