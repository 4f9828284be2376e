import { cell } from '../figures/cells.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import { isCountable } from '../figures/medians.ts';
import { addUp } from '../figures/patterns.ts';
import type { StoredPattern, StoredRecord, StoredTrial, StoredVariant } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

type Change = NonNullable<StoredTrial['contractChange']>;

/** What became of the calls of one pattern while its service served one version of the contract. */
interface ContractLine {
  readonly pattern: StoredPattern;
  readonly variant: StoredVariant | null;
  readonly deadlineMs: number;
  readonly trials: readonly StoredTrial[];
  readonly changes: readonly Change[];
  readonly change: string | null;
}

type End = keyof Change['counts'];

export const rules: readonly TableRule[] = [
  tableRule<ContractLine>({
    of: ['run'],
    heading: /^Calls of old callers to a service with another version of the contract$/,
    lines: (record) => (isOnlyFaults(record) ? [] : contractLines(record)),
    name: ({ pattern }) => pattern.title,
    columns: () => ({
      'Served version': ({ variant, changes }) => variant?.title ?? changes[0]!.version,
      'Done as sent': (line) => endCell(line, ['held']),
      'Error to caller': (line) => endCell(line, ['refused']),
      'Contract broken': (line) => {
        const late = addUp(line.changes, ({ caughtLate }) => caughtLate);
        return endCell(
          line,
          ['caught'],
          late > 0 ? `${write.share(late / plannedIn(line))} stored otherwise` : '',
        );
      },
      'Accepted, not done': (line) => {
        const ends = (['deadLettered', 'skipped'] as const).filter((end) => countOf(line, [end]) > 0);
        const names = ends.map((end) => (end === 'skipped' ? end : 'dead-lettered'));
        return endCell(line, ends, names.join(', '));
      },
      'Silently stored otherwise': (line) => endCell(line, ['silent']),
      'Failed otherwise': (line) => endCell(line, ['other']),
      'Trials counted': ({ trials, deadlineMs }) => {
        const counted = trials.filter((trial) => isCountable(trial, deadlineMs, trial.phases)).length;
        return `${counted} of ${trials.length}`;
      },
    }),
  }),
];

export function contractLines({ scenario, patterns, trials }: StoredRecord): ContractLine[] {
  const variants = scenario.variants ?? [];
  return patterns.flatMap((pattern) =>
    (variants.length > 0 ? variants : [null]).flatMap((variant) => {
      const own = trials.filter(
        (trial) =>
          trial.contractChange != null &&
          trial.pattern === pattern.id &&
          (trial.variant ?? null) === (variant?.id ?? null),
      );
      const changes = own.map(({ contractChange }) => contractChange!);
      if (changes.length === 0) return [];
      const { deadlineMs } = scenario;
      return [{ pattern, variant, deadlineMs, trials: own, changes, change: changes[0]!.change }];
    }),
  );
}

function plannedIn({ trials }: ContractLine): number {
  return addUp(trials, ({ planned }) => planned);
}

function countOf({ changes }: ContractLine, ends: readonly End[]): number {
  return addUp(changes, ({ counts }) => addUp(ends, (end) => counts[end]));
}

/** As a share of all planned calls; empty where there are none. */
function endCell(line: ContractLine, ends: readonly End[], below = ''): OwnCell {
  const calls = countOf(line, ends);
  return calls === 0 ? NOTHING : cell(write.share(calls / plannedIn(line)), below || null);
}
