import {
  COMPLEXITY_LOW_TO,
  COMPLEXITY_MEDIUM_TO,
  COMPLEXITY_POINTS,
  type ComplexityCategory,
  complexityLevel,
  complexityPoints,
} from '../../kernel/complexity.ts';
import { plural } from '../../report/format.ts';
import type { PatternResult } from './pattern-result.ts';
import { type Rating, rating } from './rating.ts';

export const COMPLEXITY_RULE =
  `points of a list fixed before the first result (docs/complexity.md): ${COMPLEXITY_POINTS.process} for a process to operate, ` +
  `1 for a state, for a setting that may lose data, for an artefact of the contract. Low to ${COMPLEXITY_LOW_TO}, medium to ` +
  `${COMPLEXITY_MEDIUM_TO}, high above. Lines of our own adapter are shown, not counted`;

const PLURALS: Readonly<Record<ComplexityCategory, string>> = {
  process: 'processes',
  state: 'states',
  setting: 'settings',
  artefact: 'artefacts',
};

export function rateComplexity({ record }: PatternResult, claimed: string): Rating {
  if (record.complexity === null) {
    const reason = record.target === null ? 'it was not counted then' : 'a target of your own is not known';
    return rating(claimed, { verdict: 'inconclusive', reason });
  }
  const points = complexityPoints(record.complexity);
  const level = complexityLevel(points);
  const { adapterLines } = record;
  return rating(claimed, {
    measured: [level],
    verdict: level === claimed ? 'supported' : 'contradicted',
    figure: plural(points, 'point'),
    figures: [
      ...itemLines(record.complexity),
      ...(adapterLines === null ? [] : [`our adapter, not counted: ${plural(adapterLines, 'line')}`]),
    ],
  });
}

function itemLines(items: NonNullable<PatternResult['record']['complexity']>): string[] {
  const categories = Object.keys(COMPLEXITY_POINTS) as ComplexityCategory[];
  return categories.flatMap((category) => {
    const these = items.filter((item) => item.category === category);
    if (these.length === 0) return [];
    const points = complexityPoints(these);
    const name = these.length === 1 ? category : PLURALS[category];
    return [
      `${plural(points, 'point')}, ${these.length} ${name}: ${these.map((item) => item.what).join('; ')}`,
    ];
  });
}
