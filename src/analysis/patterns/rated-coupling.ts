import { NS_PER_MS } from '../../kernel/clock.ts';
import { LOOSE_FROM, TIGHT_BELOW } from '../../measure/figures/coupling.ts';
import type { Coupling } from '../../measure/figures/figures.ts';
import { isCountable, LATE_SHARE } from './countable.ts';
import { doubtText } from '../../report/doubt.ts';
import { formatCount, formatLimit, formatMs, formatShare } from '../../report/format.ts';
import type { Trial } from '../../record/record.ts';
import { isFaultSeen, outagePhases, type ResultRow } from './row.ts';
import { type Judged, judged } from './judged.ts';

export const COUPLING_RULE =
  `the callee is taken away; of the calls intended meanwhile, those correct within their deadline were served. Tight below ` +
  `${formatLimit(TIGHT_BELOW)} served; loose from ${formatLimit(LOOSE_FROM)} served and ${formatLimit(LOOSE_FROM)} finally done; else partial. Middle killed is the same, with the broker in place of the callee. Of a row that answers nobody, served is what the broker accepted. ` +
  `Only trials count in which the fault was seen, and that are valid, or late at worst: every call of the outage sent, ` +
  `none later than ${formatLimit(LATE_SHARE)} of the deadline, for what is counted are calls, not their times`;

export function judgeCoupling(row: ResultRow, said: string): Judged {
  const caution =
    row.waitsFor === 'confirm' && row.outage.length > 0
      ? 'Accepted by the broker, which counts as served: while the callee is away nobody does the work.'
      : null;
  const found = foundCoupling(row, 'outage');
  const figures = [
    ...row.outage.map((trial) => outageLine(row, 'callee', trial)),
    ...row.middle.map((trial) => outageLine(row, 'broker', trial)),
  ];
  if (found.state === 'unknown')
    return judged(said, { verdict: "can't tell", reason: found.reason, figures });
  const { coupling } = found;
  return judged(said, {
    found: [coupling.verdict],
    verdict: coupling.verdict === said ? 'agree' : 'disagree',
    figure: sharesOf(row, 'outage'),
    caution,
    figures,
  });
}

export type FoundCoupling =
  | { readonly state: 'known'; readonly coupling: Coupling }
  | { readonly state: 'unknown'; readonly reason: string };

/** What the trials of a fault say together, where they may be believed and agree. */
export function foundCoupling(row: ResultRow, kind: 'outage' | 'middle'): FoundCoupling {
  const unknown = (reason: string): FoundCoupling => ({ state: 'unknown', reason });
  if (row.pattern.state === 'not-run') return unknown('it was not run');
  if (row.pattern.target !== null) return unknown('a target is never taken away');
  if (row.failed.some((trial) => trial.kind === kind)) return unknown('its trial failed');
  if (row[kind].length === 0) return unknown('nothing was taken away');
  const bad = row[kind].find((trial) => !isCountable(trial, row.deadlineMs, outagePhases([trial])));
  if (bad) return unknown(`the measurement of its trial is ${bad.measurement.verdict}`);
  if (!row[kind].every(isFaultSeen)) return unknown('the fault was not seen to happen');
  const all = row[kind].flatMap((trial) => trial.coupling ?? []);
  const [first] = all;
  if (!first) return unknown('no call was intended while it was down');
  if (all.some((one) => one.verdict !== first.verdict)) return unknown('its trials differ');
  return { state: 'known', coupling: { ...countsOf(all), verdict: first.verdict } };
}

type Counts = Omit<Coupling, 'verdict'>;

function countsOf(all: readonly Counts[]): Counts {
  const sum = (pick: (one: Counts) => number) => all.reduce((n, one) => n + pick(one), 0);
  return {
    intended: sum((c) => c.intended),
    served: sum((c) => c.served),
    finallyDone: sum((c) => c.finallyDone),
  };
}

/** What was counted, whether it may be believed or not; null where nothing was. */
export function sharesOf(row: ResultRow, kind: 'outage' | 'middle'): string | null {
  const counts = countsOf(row[kind].flatMap((trial) => trial.coupling ?? []));
  return counts.intended === 0 ? null : shares(row, counts);
}

/** `0.0 % served, 98.2 % done`. */
function shares(row: ResultRow, { intended, served, finallyDone }: Counts): string {
  return `${formatShare(served / intended)} ${servedWord(row)}, ${formatShare(finallyDone / intended)} done`;
}

/** What DESIGN 4 calls served: of a row without a reply path, that the broker took it. */
export function servedWord({ waitsFor }: ResultRow): 'served' | 'accepted' {
  return waitsFor === 'reply' ? 'served' : 'accepted';
}

function outageLine(row: ResultRow, who: string, trial: Trial): string {
  const { coupling, faults } = trial;
  const verb = faults[0]?.do === 'freeze' ? 'frozen' : 'killed';
  const doubt = doubtText([trial]);
  if (!coupling) return `${who} ${verb}: no call was intended while it was down${doubt}`;
  const { intended, served, finallyDone, verdict } = coupling;
  const ms = outagePhases([trial]).reduce((sum, phase) => sum + (phase.toNs - phase.fromNs) / NS_PER_MS, 0);
  const share = (n: number) => `${formatCount(n)} (${formatShare(n / intended)})`;
  return `${who} ${verb}: ${formatCount(intended)} calls were due in the ${formatMs(ms)} in which it was down; ${share(served)} ${servedWord(row)}, ${share(finallyDone)} finally done: ${verdict}${doubt}`;
}
