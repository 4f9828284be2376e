import { figureColumn, textColumn } from '../../table.ts';
import { quantileCell } from '../../../measure/figures/percentile.ts';
import type { Scenario } from '../../../scenario/schema/schema.ts';
import { shareCell } from '../../cells.ts';
import { formatShare, formatUs } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import type { FaultComparison } from '../../../analysis/faults/fault-comparison.ts';
import { hopsOf } from '../../../analysis/faults/fault-trials.ts';
import { type ComparedLine, faultTable } from '../fault-table.ts';
import { harmText } from '../loss.ts';
import { correctShare, harmedRequests, type RequestTotals } from '../../../analysis/faults/requests.ts';

/** The blast radius, while the fault lasted: a column per endpoint; only where some do not depend on what was harmed. */
export function endpointsSection(comparisons: readonly FaultComparison[], scenario: Scenario): Section {
  const titles = new Map(
    comparisons.flatMap(({ trials }) =>
      (hopsOf(trials)[0]?.endpoints ?? []).map(({ operation, title }) => [operation, title] as const),
    ),
  );
  const dependent = new Set(
    comparisons.map((comparison) => titlesOf(comparison, true).join(', ')).filter((text) => text !== ''),
  );
  const isSame = dependent.size < 2;
  const lines = comparisons
    .filter(({ trials }) => hopsOf(trials).length > 0)
    .map((comparison) => ({ comparison }));
  return faultTable<ComparedLine>(
    {
      id: 'endpoints',
      title: `By endpoint: correct while the fault lasted${isSame ? ` (dependent on the fault: ${[...dependent].join('')})` : ''}`,
      columns: [
        textColumn('depends', 'Depend on it', ({ comparison }) =>
          textCell(isSame ? '' : titlesOf(comparison, true).join(', ')),
        ),
        textColumn('harmed', 'Unrelated harmed', othersCell),
        ...[...titles].map(([operation, title]) =>
          figureColumn(`correct-${operation}`, title, ({ comparison }: ComparedLine) =>
            endpointCell({ comparison, operation, title }, scenario),
          ),
        ),
      ],
    },
    comparisons.some((comparison) => titlesOf(comparison, false).length > 0) ? lines : [],
  );
}

function titlesOf({ trials, isDependent }: FaultComparison, dependent: boolean): string[] {
  const endpoints = hopsOf(trials)[0]?.endpoints ?? [];
  return endpoints.filter(({ operation }) => isDependent(operation) === dependent).map(({ title }) => title);
}

/** From the fault on until the load's end, against the control. */
function othersCell({ comparison: { health } }: ComparedLine): Cell {
  const others = health.blast?.independent;
  if (!others || others.of === 0) return EMPTY_CELL;
  return textCell(harmText(others), { tone: others.harmed > 0 ? 'bad' : 'good' });
}

interface Endpoint extends ComparedLine {
  readonly operation: string;
  readonly title: string;
}

function endpointCell({ comparison, operation, title }: Endpoint, scenario: Scenario): Cell {
  const { here, control } = harmedRequests(comparison, scenario, operation);
  if (here.planned === 0) return EMPTY_CELL;
  const [share, usual] = [correctShare(here), correctShare(control)];
  const { blast } = comparison.health;
  const isHarmed = [blast?.dependent, blast?.independent].some((harm) => harm?.names.includes(title));
  const below = [
    ...(isHarmed ? ['harmed'] : []),
    ...(control.planned === 0 || usual === 1 ? [] : [`vs ${formatShare(usual)}`]),
    ...medianTexts(here),
  ];
  return shareCell(share, { below: below.join(', ') || null, tone: isHarmed ? 'bad' : 'good' });
}

/** `p50 12.7 ms`, in one piece: how long callers waited for these. */
function medianTexts({ response }: RequestTotals): string[] {
  const median = response && response.count > 0 ? quantileCell(response, 0.5) : undefined;
  return median?.state === 'known' ? [`p50\u00a0${formatUs(median.valueUs)}`] : [];
}
