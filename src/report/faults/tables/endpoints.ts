import type { Harm } from '../../../measure/hops/health.ts';
import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { shareCell } from '../../cells.ts';
import { formatShare, formatUs } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import type { FaultLine } from '../../../analysis/faults/fault-line.ts';
import { hopsOf } from '../../../analysis/faults/fault-trials.ts';
import { faultSection, type Figure, type Part } from '../fault-section.ts';
import { correctShare, harmSeen, type Seen } from '../../../analysis/faults/seen.ts';

/** The blast radius, while the fault lasted: a column per endpoint; only where some do not depend on what was harmed. */
export function endpointsSection(lines: readonly FaultLine[], scenario: Scenario): Section | undefined {
  const titles = new Map(
    lines.flatMap(({ trials }) =>
      (hopsOf(trials)[0]?.endpoints ?? []).map(({ operation, title }) => [operation, title] as const),
    ),
  );
  const dependent = new Set(
    lines.map((line) => titlesOf(line, true).join(', ')).filter((text) => text !== ''),
  );
  const isSame = dependent.size < 2;
  const figures: Figure<Part>[] = [
    {
      id: 'depends',
      title: 'Depend on it',
      align: 'left',
      cell: ({ line }) => (isSame ? EMPTY_CELL : textCell(titlesOf(line, true).join(', '))),
    },
    { id: 'harmed', title: 'Others harmed', align: 'left', cell: ({ line }) => othersCell(line) },
    ...[...titles].map(([operation, title]): Figure<Part> => ({
      id: `correct-${operation}`,
      title,
      cell: ({ line }) => endpointCell({ line, operation, title }, scenario),
    })),
  ];
  const parts = lines.filter(({ trials }) => hopsOf(trials).length > 0).map((line) => ({ line, labels: [] }));
  return faultSection(
    {
      id: 'endpoints',
      title: `Endpoint by endpoint: correct while the fault lasted${isSame ? ` (what was harmed is on the way of: ${[...dependent].join('')})` : ''}`,
      labels: [],
      figures,
    },
    lines.some((line) => titlesOf(line, false).length > 0) ? parts : [],
  );
}

function titlesOf({ trials, isDependent }: FaultLine, dependent: boolean): string[] {
  const endpoints = hopsOf(trials)[0]?.endpoints ?? [];
  return endpoints.filter(({ operation }) => isDependent(operation) === dependent).map(({ title }) => title);
}

/** From the fault on until the load's end, against the control. */
function othersCell(line: FaultLine): Cell {
  const others = line.health.blast?.independent;
  if (!others || others.of === 0) return EMPTY_CELL;
  return textCell(harmText(others), { tone: others.harmed > 0 ? 'bad' : 'good' });
}

interface Endpoint {
  readonly line: FaultLine;
  readonly operation: string;
  readonly title: string;
}

function endpointCell({ line, operation, title }: Endpoint, scenario: Scenario): Cell {
  const { here, control } = harmSeen(line, scenario, operation);
  if (here.planned === 0) return EMPTY_CELL;
  const [share, usual] = [correctShare(here), correctShare(control)];
  const { blast } = line.health;
  const isHarmed = [blast?.dependent, blast?.independent].some((harm) => harm?.names.includes(title));
  const below = [
    ...(isHarmed ? ['harmed'] : []),
    ...(control.planned === 0 || usual === 1 ? [] : [`vs ${formatShare(usual)}`]),
    ...medianTexts(here),
  ];
  return shareCell(share, { below: below.join(', ') || null, tone: isHarmed ? 'bad' : 'good' });
}

/** `p50 12.7 ms`, in one piece: how long callers waited for these. */
function medianTexts({ response }: Seen): string[] {
  const median = response && response.count > 0 ? quantileCell(response, 0.5) : undefined;
  return median?.state === 'known' ? [`p50\u00a0${formatUs(median.valueUs)}`] : [];
}

/** `2 of 3`. */
export function harmText({ harmed, of }: Pick<Harm, 'harmed' | 'of'>): string {
  return `${harmed} of ${of}`;
}
