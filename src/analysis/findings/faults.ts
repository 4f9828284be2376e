import type { Caveat, Finding, FoundFigure, Subject } from '../finding.ts';
import { unhealthyEndpoints } from '../faults/control-health.ts';
import type { FaultLine } from '../faults/fault-line.ts';
import { isAsynchronous } from '../faults/fault-trials.ts';
import { correctShare, type Seen } from '../faults/seen.ts';
import { knownQuantile } from '../patterns/known-quantile.ts';

/** What the faults did to each line, and what came of it after. */
export function faultsFound(lines: readonly FaultLine[]): Finding[] {
  const ran = lines.filter(({ missing }) => missing === null);
  return [
    ...ran.flatMap(successInFault),
    ...ran.flatMap(collateralDamage),
    ...ran.flatMap(recoveryAfterFault),
    ...ran.flatMap((line) => workCounts(line, 'duplicates', 'done-twice')),
    ...ran.flatMap((line) => workCounts(line, 'lost', 'lost')),
    ...ran.flatMap(breakerTrips),
  ];
}

/** What a line is, by ids. */
function subjectOfLine({ pattern, variant, case: of }: FaultLine): Subject[] {
  return [
    { kind: 'pattern', id: pattern.id },
    ...(variant ? [{ kind: 'variant', id: variant.id } as const] : []),
    ...(of ? [{ kind: 'case', id: of.id } as const] : []),
  ];
}

/** Of the requests that depend on what was harmed, while it was. */
function successInFault(line: FaultLine): Finding[] {
  const { here, control } = line.harm;
  if (here.planned === 0) return [];
  const success = correctShare(here);
  const usual = control.planned === 0 ? null : correctShare(control);
  return [
    {
      code: 'success-in-fault',
      subject: subjectOfLine(line),
      figures: [
        { name: 'success', value: success, unit: 'share' },
        { name: 'control-success', value: usual, unit: 'share' },
        ...(here.degraded > 0 ? [shareOf('degraded', here.degraded, here.correct)] : []),
        ...(isAsynchronous(line) ? workFigures(here) : []),
      ],
      verdict: success < (usual ?? 1) ? 'harmed' : 'unharmed',
      caveats: doubtsOf(line),
    },
  ];
}

function shareOf(name: string, part: number, whole: number): FoundFigure {
  return { name, value: whole === 0 ? null : part / whole, unit: 'share' };
}

/** Of a line in which acceptance is not completion. */
function workFigures({ done, planned, completion }: Seen): FoundFigure[] {
  const late = completion ? knownQuantile(completion) : undefined;
  return [
    shareOf('done', done, planned),
    ...(late
      ? [{ name: `completion-p${late.quantile * 100}`, value: late.valueUs, unit: 'us' as const }]
      : []),
  ];
}

/** Endpoints harmed that do not depend on what failed. */
function collateralDamage(line: FaultLine): Finding[] {
  const others = line.health.blast?.independent;
  if (!others || others.of === 0) return [];
  return [
    {
      code: 'collateral-damage',
      subject: [...subjectOfLine(line), ...others.names.map((id): Subject => ({ kind: 'endpoint', id }))],
      figures: [
        { name: 'degraded-endpoints', value: others.harmed, unit: 'count' },
        { name: 'unrelated-endpoints', value: others.of, unit: 'count' },
      ],
      verdict: others.harmed > 0 ? 'degraded' : 'none',
      caveats: doubtsOf(line),
    },
  ];
}

function recoveryAfterFault(line: FaultLine): Finding[] {
  const { ending } = line.health;
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
      subject: subjectOfLine(line),
      figures,
      verdict: isCutShort ? 'cut-short' : recovery.state,
      caveats: [...doubtsOf(line), ...(shed ? [{ code: 'load-shed' }] : [])],
    },
  ];
}

function workCounts(line: FaultLine, kind: 'duplicates' | 'lost', code: string): Finding[] {
  return line.work.ledgers
    .filter((ledger) => ledger[kind] > 0)
    .map((ledger) => ({
      code,
      subject: [...subjectOfLine(line), { kind: 'service', id: ledger.service ?? 'service' } as const],
      figures: [{ name: 'calls', value: ledger[kind], unit: 'count' } as const],
      caveats: [],
    }));
}

/** Opens of breakers outside of the faults. */
function breakerTrips(line: FaultLine): Finding[] {
  const count = line.health.falseOpens;
  if (!count) return [];
  const figures: FoundFigure[] = [{ name: 'trips', value: count, unit: 'count' }];
  return [{ code: 'trips-outside-fault', subject: subjectOfLine(line), figures, caveats: doubtsOf(line) }];
}

/** A loss is a difference to the control: what is doubtful of either is doubtful of it. */
function doubtsOf({ trials, controls }: FaultLine): Caveat[] {
  const all = [...trials, ...controls];
  const verdicts = new Set(all.map(({ measurement }) => measurement.verdict));
  const notValid = [...verdicts].filter((verdict) => verdict !== 'valid');
  return [
    ...(notValid.length > 0 ? [{ code: 'not-valid' }] : []),
    ...(controls.length === 0 ? [{ code: 'no-control' }] : []),
    ...(controls.some((control) => unhealthyEndpoints(control).length > 0)
      ? [{ code: 'unhealthy-control' }]
      : []),
  ];
}
