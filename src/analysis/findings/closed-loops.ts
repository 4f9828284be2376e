import { type ClosedLoopLine, closedLoopLines, type OverTurns } from '../patterns/closed-loops.ts';
import type { PatternResult } from '../patterns/pattern-result.ts';
import type { Finding, FigureUnit, FoundFigure } from '../finding.ts';
import { patternOf } from './figures.ts';

/** Rates and response times of each pattern by the number of calls open; empty where no closed loop was run. */
export function closedLoopFindings(patterns: readonly PatternResult[]): Finding[] {
  const byPattern = Map.groupBy(closedLoopLines(patterns), ({ pattern }) => pattern);
  return [...byPattern].map(([pattern, lines]) => ({
    code: 'closed-loop',
    subject: [patternOf(pattern)],
    figures: lines.flatMap(figuresAt),
    terms: { waits: pattern.waitsFor },
    caveats: lines
      .filter(({ failed }) => failed > 0)
      .map(({ open }) => ({ code: 'calls-failed', of: `${open}` })),
  }));
}

function figuresAt({ open, acceptedPerS, donePerS, responseP50Us }: ClosedLoopLine): FoundFigure[] {
  const figure = (name: string, over: OverTurns | null, unit: FigureUnit): FoundFigure => {
    const interval = over && { low: over.low, high: over.high };
    return { name, of: `${open}`, value: over?.median ?? null, unit, ...(interval && { interval }) };
  };
  return [
    figure('accepted', acceptedPerS, 'per-s'),
    figure('done', donePerS, 'per-s'),
    figure('response-p50', responseP50Us, 'us'),
  ];
}
