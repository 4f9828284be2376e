import type { Caveat, Finding, FoundFigure, Subject } from '../finding.ts';
import { unhealthyEndpoints } from '../faults/control-health.ts';
import type { FaultComparison } from '../faults/fault-comparison.ts';
import { type FaultTrials, isAsynchronous } from '../faults/fault-trials.ts';
import { correctShare, type RequestTotals } from '../faults/requests.ts';
import { knownQuantile } from '../patterns/known-quantile.ts';

/** Effects of the faults on each pattern, and their aftermath. */
export function faultsFound(comparisons: readonly FaultComparison[]): Finding[] {
  const ran = comparisons.filter(({ missing }) => missing === null);
  return [
    ...ran.flatMap(successInFault),
    ...ran.flatMap(collateralDamage),
    ...ran.flatMap(recoveryAfterFault),
    ...ran.flatMap((comparison) => workCounts(comparison, 'duplicates', 'done-twice')),
    ...ran.flatMap((comparison) => workCounts(comparison, 'lost', 'lost')),
    ...ran.flatMap(breakerTrips),
  ];
}

/** Success of the requests that depend on the faulted part, during the fault. */
function successInFault(comparison: FaultComparison): Finding[] {
  const { here, control } = comparison.harm;
  if (here.planned === 0) return [];
  const success = correctShare(here);
  const usual = control.planned === 0 ? null : correctShare(control);
  return [
    {
      code: 'success-in-fault',
      subject: subjectOfLine(comparison),
      figures: [
        { name: 'success', value: success, unit: 'share' },
        { name: 'control-success', value: usual, unit: 'share' },
        ...(here.degraded > 0 ? [shareOf('degraded', here.degraded, here.correct)] : []),
        ...(isAsynchronous(comparison) ? workFigures(here) : []),
      ],
      verdict: success < (usual ?? 1) ? 'harmed' : 'unharmed',
      caveats: caveatsOf(comparison),
    },
  ];
}

function shareOf(name: string, part: number, whole: number): FoundFigure {
  return { name, value: whole === 0 ? null : part / whole, unit: 'share' };
}

/** Figures of work where acceptance is not completion. */
function workFigures({ done, planned, completion }: RequestTotals): FoundFigure[] {
  const late = completion ? knownQuantile(completion) : undefined;
  return [
    shareOf('done', done, planned),
    ...(late
      ? [{ name: `completion-p${late.quantile * 100}`, value: late.valueUs, unit: 'us' as const }]
      : []),
  ];
}

/** Endpoints harmed that do not depend on the faulted part. */
function collateralDamage(comparison: FaultComparison): Finding[] {
  const others = comparison.health.blast?.independent;
  if (!others || others.of === 0) return [];
  return [
    {
      code: 'collateral-damage',
      subject: [
        ...subjectOfLine(comparison),
        ...others.names.map((id): Subject => ({ kind: 'endpoint', id })),
      ],
      figures: [
        { name: 'degraded-endpoints', value: others.harmed, unit: 'count' },
        { name: 'unrelated-endpoints', value: others.of, unit: 'count' },
      ],
      verdict: others.harmed > 0 ? 'degraded' : 'none',
      caveats: caveatsOf(comparison),
    },
  ];
}

function recoveryAfterFault(comparison: FaultComparison): Finding[] {
  const { ending } = comparison.health;
  if (!ending || ending.recovery.state === 'never-harmed') return [];
  const { recovery, isCutShort, shed } = ending;
  const figures: FoundFigure[] =
    recovery.state === 'recovered'
      ? [
          { name: 'recovered-after', value: recovery.afterNs, unit: 'ns' },
          { name: 'window', value: recovery.windowNs, unit: 'ns' },
        ]
      : recovery.state === 'not-recovered'
        ? [{ name: 'watched', value: recovery.watchedNs, unit: 'ns' }]
        : [];
  return [
    {
      code: 'recovery',
      subject: subjectOfLine(comparison),
      figures,
      verdict: isCutShort ? 'cut-short' : recovery.state,
      caveats: [...caveatsOf(comparison), ...(shed ? [{ code: 'load-shed' }] : [])],
    },
  ];
}

function workCounts(comparison: FaultComparison, kind: 'duplicates' | 'lost', code: string): Finding[] {
  return comparison.work.ledgers
    .filter((ledger) => ledger[kind] > 0)
    .map((ledger) => ({
      code,
      subject: [...subjectOfLine(comparison), { kind: 'service', id: ledger.service ?? 'service' } as const],
      figures: [{ name: 'calls', value: ledger[kind], unit: 'count' } as const],
      caveats: [],
    }));
}

/** Breakers opened on a healthy service. */
function breakerTrips(comparison: FaultComparison): Finding[] {
  const count = comparison.health.falseOpens;
  if (!count) return [];
  const figures: FoundFigure[] = [{ name: 'trips', value: count, unit: 'count' }];
  return [
    {
      code: 'false-trips',
      subject: subjectOfLine(comparison),
      figures,
      caveats: caveatsOf(comparison),
    },
  ];
}

/** A loss is a difference to the control, so caveats of either apply. */
export function caveatsOf({ trials, controls }: FaultComparison): Caveat[] {
  const all = [...trials, ...controls];
  const verdicts = new Set(all.map(({ validity }) => validity.verdict));
  const notValid = [...verdicts].filter((verdict) => verdict !== 'valid');
  return [
    ...(notValid.length > 0 ? [{ code: 'not-valid' }] : []),
    ...(controls.length === 0 ? [{ code: 'no-control' }] : []),
    ...(controls.some((control) => unhealthyEndpoints(control).length > 0)
      ? [{ code: 'unhealthy-control' }]
      : []),
  ];
}

/** Subjects of a finding about a fault comparison, by id. */
export function subjectOfLine({ pattern, variant, case: of }: FaultTrials): Subject[] {
  return [
    { kind: 'pattern', id: pattern.id },
    ...(variant ? [{ kind: 'variant', id: variant.id } as const] : []),
    ...(of ? [{ kind: 'case', id: of.id } as const] : []),
  ];
}
