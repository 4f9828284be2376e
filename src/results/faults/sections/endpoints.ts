import type { Harm } from '../../../measure/health.ts';
import type { Scenario } from '../../../scenario/schema.ts';
import { columnQuantile, highestCell } from '../../cells.ts';
import { quantileName } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { type FaultLine, hopsOf } from '../fault-line.ts';
import { faultSection, type Figure, type Part } from '../fault-section.ts';
import { blastOf } from '../health-seen.ts';
import { type Compared, harmSeen } from '../seen.ts';
import { correctCell } from './resilience.ts';

interface EndpointPart extends Part {
  readonly title: string;
  readonly isDependent: boolean;
  readonly seen: Compared;
}

/** Endpoint by endpoint, while the fault lasted; only where there are several. */
export function endpointsSection(lines: readonly FaultLine[], scenario: Scenario): Section | undefined {
  const parts = lines.flatMap((line) => partsOf(line, scenario));
  const quantile = columnQuantile(parts.map(({ seen }) => seen.here.response));
  const name = quantileName(quantile);
  const wait = ({ seen }: EndpointPart, q: number) =>
    highestCell(seen.here.response, q, seen.control.response);
  const figures: Figure<EndpointPart>[] = [
    {
      id: 'depends',
      title: 'Depends on it',
      align: 'left',
      cell: ({ isDependent }) => textCell(isDependent ? 'yes' : 'no'),
    },
    { id: 'harmed', title: 'Harmed', align: 'left', cell: harmedCell },
    { id: 'correct', title: 'Correct in fault', cell: ({ seen }) => correctCell(seen) },
    { id: 'wait-p50', title: 'Caller waits p50', cell: (part) => wait(part, 0.5) },
    { id: `wait-${name}`, title: `Caller waits ${name}`, cell: (part) => wait(part, quantile) },
  ];
  return faultSection(
    {
      id: 'endpoints',
      title: 'Endpoint by endpoint, while the fault lasted (vs: the control at the same time)',
      labels: ['Endpoint'],
      figures,
    },
    parts.some(({ isDependent }) => !isDependent) ? parts : [],
  );
}

function partsOf(line: FaultLine, scenario: Scenario): EndpointPart[] {
  const endpoints = hopsOf(line.trials)[0]?.endpoints ?? [];
  return endpoints.map(({ operation, title }) => ({
    line,
    labels: [title],
    title,
    isDependent: line.isDependent(operation),
    seen: harmSeen(line, scenario, operation),
  }));
}

/** From the fault on until the load's end, against the control. */
function harmedCell({ line, title, isDependent }: EndpointPart): Cell {
  const blast = blastOf(line);
  if (!blast) return EMPTY_CELL;
  const { names, unjudged } = isDependent ? blast.dependent : blast.independent;
  if (unjudged.includes(title)) return textCell('too few', { tone: 'weak' });
  return names.includes(title) ? textCell('harmed', { tone: 'bad' }) : textCell('no', { tone: 'good' });
}

/** `2 of 3`. */
export function harmText({ harmed, of }: Pick<Harm, 'harmed' | 'of'>): string {
  return `${harmed} of ${of}`;
}
