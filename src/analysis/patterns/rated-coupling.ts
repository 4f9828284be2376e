import { NS_PER_MS } from '../../kernel/clock.ts';
import { LOOSE_FROM, TIGHT_BELOW } from '../../measure/figures/coupling.ts';
import type { Coupling } from '../../measure/figures/figures.ts';
import { isCountable, LATE_SHARE } from './countable.ts';
import { caveatText } from '../../report/caveat.ts';
import { formatCount, formatLimit, formatMs, formatShare } from '../../report/format.ts';
import type { Trial } from '../../record/record.ts';
import { isFaultObserved, outagePhases, type PatternResult } from './pattern-result.ts';
import { type Rating, rating } from './rating.ts';

export const COUPLING_RULE =
  `the service is taken away; of the calls intended meanwhile, those correct within their deadline were served. Tight below ` +
  `${formatLimit(TIGHT_BELOW)} served; loose from ${formatLimit(LOOSE_FROM)} served and ${formatLimit(LOOSE_FROM)} finally done; else partial. Broker killed is the same, with the broker in place of the service. Of a row that answers nobody, served is what the broker accepted. ` +
  `Only trials count in which the fault was seen, and that are valid, or late at worst: every call of the outage sent, ` +
  `none later than ${formatLimit(LATE_SHARE)} of the deadline, for what is counted are calls, not their times`;

export function rateCoupling(pattern: PatternResult, claimed: string): Rating {
  const caution =
    pattern.waitsFor === 'confirm' && pattern.serviceOutage.length > 0
      ? 'Accepted by the broker, which counts as served: while the service is away nobody does the work.'
      : null;
  const found = foundCoupling(pattern, 'serviceOutage');
  const figures = [
    ...pattern.serviceOutage.map((trial) => outageLine(pattern, 'service', trial)),
    ...pattern.brokerOutage.map((trial) => outageLine(pattern, 'broker', trial)),
  ];
  if (found.state === 'unknown')
    return rating(claimed, { verdict: 'inconclusive', reason: found.reason, figures });
  const { coupling } = found;
  return rating(claimed, {
    measured: [coupling.verdict],
    verdict: coupling.verdict === claimed ? 'supported' : 'contradicted',
    figure: sharesOf(pattern, 'serviceOutage'),
    caution,
    figures,
  });
}

/** The kind of trial behind each outage of a scenario. */
export const OUTAGE_TRIAL = { serviceOutage: 'service-outage', brokerOutage: 'broker-outage' } as const;

export type FoundCoupling =
  | { readonly state: 'known'; readonly coupling: Coupling }
  | { readonly state: 'unknown'; readonly reason: string };

/** What the trials of a fault say together, where they may be believed and agree. */
export function foundCoupling(pattern: PatternResult, kind: 'serviceOutage' | 'brokerOutage'): FoundCoupling {
  const unknown = (reason: string): FoundCoupling => ({ state: 'unknown', reason });
  if (pattern.record.state === 'not-run') return unknown('it was not run');
  if (pattern.record.target !== null) return unknown('a target is never taken away');
  if (pattern.failed.some((trial) => trial.kind === OUTAGE_TRIAL[kind])) return unknown('its trial failed');
  if (pattern[kind].length === 0) return unknown('nothing was taken away');
  const bad = pattern[kind].find((trial) => !isCountable(trial, pattern.deadlineMs, outagePhases([trial])));
  if (bad) return unknown(`the validity of its trial is ${bad.validity.verdict}`);
  if (!pattern[kind].every(isFaultObserved)) return unknown('the fault was not seen to happen');
  const all = pattern[kind].flatMap((trial) => trial.coupling ?? []);
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
export function sharesOf(pattern: PatternResult, kind: 'serviceOutage' | 'brokerOutage'): string | null {
  const counts = countsOf(pattern[kind].flatMap((trial) => trial.coupling ?? []));
  return counts.intended === 0 ? null : shares(pattern, counts);
}

/** `0.0 % served, 98.2 % done`. */
function shares(pattern: PatternResult, { intended, served, finallyDone }: Counts): string {
  return `${formatShare(served / intended)} ${servedWord(pattern)}, ${formatShare(finallyDone / intended)} done`;
}

/** What DESIGN 4 calls served: of a row without a reply path, that the broker took it. */
export function servedWord({ waitsFor }: PatternResult): 'served' | 'accepted' {
  return waitsFor === 'reply' ? 'served' : 'accepted';
}

function outageLine(pattern: PatternResult, who: string, trial: Trial): string {
  const { coupling, faults } = trial;
  const verb = faults[0]?.do === 'freeze' ? 'frozen' : 'killed';
  const caveat = caveatText([trial]);
  if (!coupling) return `${who} ${verb}: no call was intended while it was down${caveat}`;
  const { intended, served, finallyDone, verdict } = coupling;
  const ms = outagePhases([trial]).reduce((sum, phase) => sum + (phase.toNs - phase.fromNs) / NS_PER_MS, 0);
  const share = (n: number) => `${formatCount(n)} (${formatShare(n / intended)})`;
  return `${who} ${verb}: ${formatCount(intended)} calls were due in the ${formatMs(ms)} in which it was down; ${share(served)} ${servedWord(pattern)}, ${share(finallyDone)} finally done: ${verdict}${caveat}`;
}
