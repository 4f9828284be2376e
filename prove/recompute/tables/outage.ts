import { cell, cellOf, validityCell } from '../figures/cells.ts';
import { countsOf, couplingWord, outagePhases, shareCell } from '../figures/coupling.ts';
import { doneTrials, hasBroker, type PatternLine, patternLines } from '../figures/patterns.ts';
import { highestKnown, together } from '../figures/samples.ts';
import type { StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

type OutageKind = 'service-outage' | 'broker-outage';

export const rules: readonly TableRule[] = [
  outageRule('service-outage', /^Service (killed|frozen) for .*: one trial per pattern/, 'Coupling'),
  outageRule(
    'broker-outage',
    /^Broker (killed|frozen) for .*: one trial per pattern/,
    'Coupling to the broker',
  ),
];

function outageRule(kind: OutageKind, heading: RegExp, coupling: string): TableRule {
  const of = (line: PatternLine) => doneTrials(line, kind);
  return tableRule<PatternLine>({
    of: ['run'],
    heading,
    lines: (record) => (isPlanned(record, kind) ? concerned(record, kind) : []),
    name: ({ pattern }) => pattern.title,
    missing: (line) => missingText(line, kind),
    columns: () => ({
      [coupling]: (line) =>
        [...new Set(of(line).flatMap((trial) => couplingWord([trial]) ?? []))].join(' / '),
      'Served while down': (line) => shareCell(of(line), 'served'),
      'Finally done': (line) => shareCell(of(line), 'finallyDone'),
      'Never done': (line) => {
        const { intended, finallyDone } = countsOf(of(line));
        return write.count(intended - finallyDone);
      },
      'Completion time': (line) => lateCell(of(line)),
      'Observed outage': (line) => observedCell(of(line)),
      'Calls due for': (line) => loadedCell(of(line)),
      Validity: (line) => validityCell(of(line), 'rounds'),
    }),
  });
}

function isPlanned({ scenario, design }: StoredRecord, kind: OutageKind): boolean {
  const plan = kind === 'service-outage' ? scenario.serviceOutage : scenario.brokerOutage;
  return plan != null && (design.order ?? []).some((entry) => entry.kind === kind);
}

function concerned(record: StoredRecord, kind: OutageKind): PatternLine[] {
  return patternLines(record).filter((line) => kind === 'service-outage' || hasBroker(line));
}

export function missingText(line: PatternLine, kind: OutageKind): string | null {
  const trials = doneTrials(line, kind);
  if (trials.length > 0) return countsOf(trials).intended === 0 ? 'nothing found' : null;
  const planned = line.trials.filter((trial) => trial.kind === kind);
  if (line.pattern.state === 'not-run') return 'not run';
  if (line.pattern.target != null) return 'not killed';
  if (planned.some(({ state }) => state === 'failed')) return 'failed';
  if (planned.length === 0) return '–';
  return kind === 'broker-outage' ? 'not run: not ours' : 'not run';
}

/** Completion of what was due in the outage, at the highest percentile that may be printed. */
function lateCell(trials: readonly StoredTrial[]): OwnCell {
  const known = highestKnown(together(outagePhases(trials).map(({ completion }) => completion)));
  return cellOf(known, ({ q, us }) => `${write.quantile(q)} ${write.us(us)}`);
}

/** How long calls were due in an outage that outlasted the load. */
function loadedCell(trials: readonly StoredTrial[]): OwnCell {
  const spans = trials.flatMap(({ phases }) =>
    phases.flatMap(({ name, fromNs, toNs }) => {
      const isCut = name === 'outage' && phases.every((phase) => phase.toNs <= toNs);
      return isCut ? [(toNs - fromNs) / 1e6] : [];
    }),
  );
  return spans.length === 0 ? NOTHING : cell(write.ms(Math.max(...spans)));
}

/** From the end of the process, as it was seen, until it was ready again. */
function observedCell(trials: readonly StoredTrial[]): OwnCell {
  const seen = trials
    .flatMap(({ faults }) => faults)
    .flatMap(({ observedNs, readyNs }) =>
      observedNs === null || readyNs === null ? [] : [readyNs - observedNs],
    );
  if (trials.length === 0) return NOTHING;
  if (seen.length === 0) return cell('not observed');
  return cell(write.ms(Math.max(...seen) / 1e6), seen.length > 1 ? write.plural(seen.length, 'fault') : null);
}
