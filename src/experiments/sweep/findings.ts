import type { Finding, FoundFigure } from '../../analysis/finding.ts';
import { validityFinding } from '../../analysis/findings/validity.ts';
import { metBy, saturatedFrom, sustainedUpTo, type SweptPattern } from './points.ts';
import type { Sweep } from './record.ts';

/** How far each pattern goes, as data. */
export function sweepFindings(record: Sweep, patterns: readonly SweptPattern[]): Finding[] {
  return [...patterns.map((pattern) => capacityOf(record, pattern)), validityFinding(record.trials)];
}

function capacityOf(record: Sweep, pattern: SweptPattern): Finding {
  return {
    code: 'capacity',
    subject: [{ kind: 'pattern', id: pattern.pattern.id }],
    figures: [
      kneeFigure(pattern),
      rateFigure('highest-sustained-rate', sustainedUpTo(pattern)),
      rateFigure('saturated-from', saturatedFrom(pattern)),
      ...(record.design.objective
        ? [rateFigure('objective-met-up-to', metBy(pattern, record.design.objective).metPerS ?? undefined)]
        : []),
    ],
    verdict: pattern.knee.state,
    caveats: pattern.pattern.state === 'not-run' ? [{ code: 'not-run' }] : [],
  };
}

function kneeFigure({ knee }: SweptPattern): FoundFigure {
  if (knee.state !== 'known') return { name: 'knee', value: null, unit: 'per-s' };
  const interval = { low: knee.lowPerS, high: knee.highPerS };
  return { name: 'knee', value: knee.atPerS, unit: 'per-s', interval };
}

function rateFigure(name: string, perS: number | undefined): FoundFigure {
  return { name, value: perS ?? null, unit: 'per-s' };
}
