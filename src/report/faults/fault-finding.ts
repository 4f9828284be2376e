import type { Scenario } from '../../scenario/schema/schema.ts';
import { caveatText } from '../caveat.ts';
import { formatCount, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { knownQuantile } from '../../analysis/patterns/known-quantile.ts';
import { wastedShare } from '../../analysis/faults/edge-totals.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { byCase, dependentOf, hopsOf, isDegraded } from '../../analysis/faults/fault-trials.ts';
import { faultText, happeningText } from './fault-text.ts';
import type { ServiceLedger } from '../../analysis/faults/service-ledgers.ts';
import { recoveryEndText, lossText, spreadText, workTexts } from './loss.ts';
import { recoveryText, secondsText } from './recovery-text.ts';
import { harmText } from './tables/endpoints.ts';
import { serviceName } from './service-name.ts';
import { isAboutWaits, lostShare } from '../../analysis/faults/requests.ts';

/** What the faults did, in sentences: what was lost and when it was over, then what it cost; of several cases a sentence each. */
export function faultFindings(comparisons: readonly FaultComparison[], scenario: Scenario): string[] {
  const ran = comparisons.filter(({ missing }) => missing === null);
  const cases = byCase(ran);
  const found = cases.length > 1 ? casesFindings(cases, scenario) : caseFindings(ran, scenario);
  return found.filter((text) => text !== undefined);
}

function caseFindings(comparisons: readonly FaultComparison[], scenario: Scenario): (string | undefined)[] {
  if (comparisons.length === 0) return [];
  return [
    lossFinding(comparisons, scenario),
    blastFinding(comparisons),
    recoveryFinding(comparisons, scenario),
    ...COUNTS.map((count) => countFinding(comparisons, count)),
    waitFinding(comparisons),
    wastedFinding(comparisons),
    falseOpensFinding(comparisons),
  ];
}

/** The tables tell the rest: what was done twice or never is said once for all cases. */
function casesFindings(cases: readonly FaultComparison[][], scenario: Scenario): (string | undefined)[] {
  const all = cases.flat();
  const hasCaveats = all.every((comparison) => caveatOf(comparison) !== '');
  const more = (comparison: FaultComparison) => afterTexts(comparison, scenario);
  return [
    ...cases.map((of) => lossFinding(of, scenario, { more, isCaveatShown: !hasCaveats })),
    ...COUNTS.map((count) => worstFinding(all, count)),
    ...(hasCaveats ? ['None of these trials is valid: see Validity.'] : []),
  ];
}

/** What came of it, where something was lost. */
function afterTexts(comparison: FaultComparison, scenario: Scenario): string[] {
  const end = lostShare(comparison.harm) > 0 ? recoveryEndText(comparison, scenario) : undefined;
  return [spreadText(comparison), end].filter((text) => text !== undefined);
}

/** Lines of which the same is to be said, in the order in which it is first said: `none with A, B; 3 with C`. */
function grouped(
  comparisons: readonly FaultComparison[],
  describe: (comparison: FaultComparison) => string | undefined,
  nameOf: (comparison: FaultComparison) => string = quoted,
): string {
  const groups = new Map<string, string[]>();
  for (const comparison of comparisons) {
    const text = describe(comparison);
    if (text !== undefined) groups.set(text, [...(groups.get(text) ?? []), nameOf(comparison)]);
  }
  return [...groups].map(([text, names]) => `${text} with ${names.join(', ')}`).join('; ');
}

/** A name with a comma would be taken for two. */
function quoted({ name }: FaultComparison): string {
  return name.includes(',') ? `"${name}"` : name;
}

interface FindingExtras {
  readonly more: (comparison: FaultComparison) => readonly string[];
  readonly isCaveatShown: boolean;
}

/**
 * `Payments killed for 5 s: storefront lost 61.2 % of its requests with Synchronous; none with Over RabbitMQ (...).`
 * @param told what is to be said of a line beside what it lost
 */
function lossFinding(
  comparisons: readonly FaultComparison[],
  scenario: Scenario,
  { more, isCaveatShown }: FindingExtras = { more: () => [], isCaveatShown: true },
): string | undefined {
  if (comparisons.every(({ harm }) => harm.here.planned === 0)) return undefined;
  const whole = scenario.services[0] ? 'its requests' : 'requests';
  const which = dependentTitles(comparisons);
  const shared = isCaveatShown ? sharedCaveat(comparisons) : '';
  const names = (comparison: FaultComparison) =>
    quoted(comparison) +
    bracketed([...deadLetterTexts(comparison), ...more(comparison)]) +
    (shared === '' && isCaveatShown ? caveatOf(comparison) : '');
  // What it is a share of is said once, with the first.
  const parts = grouped(comparisons, (comparison) => lossText(lostShare(comparison.harm)), names).replace(
    ' with ',
    ` of ${whole}${which} with `,
  );
  return `${happeningText(comparisons, scenario)}: ${scenario.services[0]?.id ?? 'callers'} lost ${parts}${shared}.`;
}

/** A loss is a difference to the control: what is to be doubted of either is, of it. */
function caveatOf({ trials, controls }: FaultComparison): string {
  return caveatText([...trials, ...controls], 'trials');
}

/** What is to be doubted of all is said once. */
function sharedCaveat(comparisons: readonly FaultComparison[]): string {
  const caveats = new Set(comparisons.map(caveatOf));
  if (comparisons.length < 2 || caveats.has('')) return '';
  return caveats.size === 1 ? [...caveats].join('') : ' [no valid trial: see Validity]';
}

function bracketed(texts: readonly string[]): string {
  return texts.length > 0 ? ` (${texts.join(', ')})` : '';
}

/** ` (buy)`: which requests are spoken of, where others do not depend on what was harmed. */
function dependentTitles([comparison]: readonly FaultComparison[]): string {
  const [hops] = hopsOf(comparison?.trials ?? []);
  if (!comparison || !hops) return '';
  const of = dependentOf(comparison, hops);
  return of.length === hops.endpoints.length ? '' : ` (${of.map(({ title }) => title).join(', ')})`;
}

/** What must be said beside what a line lost: degraded answers, work done late. */
function deadLetterTexts(comparison: FaultComparison): string[] {
  const { here } = comparison.harm;
  const degraded =
    here.degraded > 0 ? [`${formatShare(here.degraded / here.correct)} of its answers degraded`] : [];
  return [...degraded, ...workTexts(comparison)];
}

/** `Recovered: 0.4 s after the fault with breaker; not within 8 s with none.` */
function recoveryFinding(comparisons: readonly FaultComparison[], scenario: Scenario): string | undefined {
  const endings = comparisons.map((comparison) => comparison.health.ending?.recovery.state ?? 'never-harmed');
  if (endings.every((state) => state === 'never-harmed')) return undefined;
  const parts = grouped(comparisons, (comparison) => {
    const { ending } = comparison.health;
    if (!ending) return undefined;
    const { recovery, isCutShort, shed } = ending;
    switch (recovery.state) {
      case 'unjudged':
        return 'not known, of too few arrivals,';
      case 'never-harmed':
        return 'never harmed';
      case 'recovered':
        return `${recoveryText(recovery)} after the fault${shed ? `, not before ${faultText(shed, scenario)}` : ''}`;
      case 'not-recovered':
        return isCutShort ? 'no time left to see it' : `not within ${secondsText(recovery.watchedNs)}`;
    }
  });
  return `Recovered: ${parts}.`;
}

function blastFinding(comparisons: readonly FaultComparison[]): string | undefined {
  const found = comparisons.map(({ health }) => health.blast);
  if (found.every((blast) => !blast || blast.independent.harmed === 0)) return undefined;
  const parts = grouped(comparisons, (comparison) => {
    const { blast } = comparison.health;
    return blast && (blast.independent.harmed === 0 ? 'none' : harmText(blast.independent));
  });
  return `Endpoints harmed that have no part in it: ${parts}.`;
}

interface Count {
  readonly what: string;
  readonly of: (ledger: ServiceLedger) => number;
  readonly aside?: (comparison: FaultComparison) => string;
}

const COUNTS: readonly Count[] = [
  { what: 'Done more than once', of: ({ duplicates }) => duplicates },
  {
    what: 'Accepted and never done',
    of: ({ lost }) => lost,
    aside: (comparison) => (isDegraded(comparison) ? ', a fallback answering in its place' : ''),
  },
];

/** `41 calls at users`: where there were any. */
function countTexts(comparison: FaultComparison, { of }: Count): string[] {
  const hit = comparison.work.ledgers.filter((ledger) => of(ledger) > 0);
  return hit.map((ledger) => `${plural(of(ledger), 'call')} at ${serviceName(ledger)}`);
}

/** `Done more than once: 41 calls at users with Retry; none with Idempotency key.` */
function countFinding(comparisons: readonly FaultComparison[], count: Count): string | undefined {
  const hit = comparisons.filter((comparison) => countTexts(comparison, count).length > 0);
  const [other, ...more] = comparisons.filter((comparison) => !hit.includes(comparison));
  if (hit.length === 0) return undefined;
  const parts = grouped(
    hit,
    (comparison) => countTexts(comparison, count).join(' and ') + (count.aside?.(comparison) ?? ''),
  );
  const none = other && `; none with ${more.length > 0 ? 'the others' : quoted(other)}`;
  return `${count.what}: ${parts}${none ?? ''}.`;
}

/** Of many lines the worst one. */
function worstFinding(comparisons: readonly FaultComparison[], count: Count): string | undefined {
  const most = (comparison: FaultComparison) => Math.max(0, ...comparison.work.ledgers.map(count.of));
  const worst = comparisons.toSorted((a, b) => most(b) - most(a))[0];
  if (!worst || most(worst) === 0) return undefined;
  const texts = countTexts(worst, count).join(' and ') + (count.aside?.(worst) ?? '');
  return `${count.what}, at most: ${texts} with ${quoted(worst)} (${worst.case?.title ?? ''}).`;
}

function waitFinding(comparisons: readonly FaultComparison[]): string | undefined {
  if (!isAboutWaits(comparisons)) return undefined;
  const parts = grouped(comparisons, (comparison) => {
    const { response } = comparison.harm.here;
    const known = response ? knownQuantile(response, 0.999) : undefined;
    return known && `${quantileName(known.quantile)} ${formatUs(known.valueUs)}`;
  });
  return parts === '' ? undefined : `Response times during the fault: ${parts}.`;
}

/** Where less than this share of all work was for nothing, the tables tell it. */
const NOTABLE_WASTE = 0.25;

function wastedFinding(comparisons: readonly FaultComparison[]): string | undefined {
  const shares = comparisons.flatMap(({ work }) => wastedShare(work.fromFault) ?? []);
  if (shares.length === 0 || Math.max(...shares) < NOTABLE_WASTE) return undefined;
  const parts = grouped(comparisons, (comparison) => {
    const share = wastedShare(comparison.work.fromFault);
    return share === null ? undefined : formatShare(share);
  });
  return `Work of services that was of no use to anybody, from the fault on: ${parts}.`;
}

function falseOpensFinding(comparisons: readonly FaultComparison[]): string | undefined {
  if (comparisons.every((comparison) => hopsOf(comparison.trials).length === 0)) return undefined;
  const counts = comparisons.map(({ health }) => health.falseOpens);
  if (counts.every((count) => !count)) return undefined;
  const parts = grouped(comparisons, (comparison) => {
    const count = comparison.health.falseOpens;
    return count === null ? undefined : `${formatCount(count)}×`;
  });
  return `Breakers that opened while nothing was wrong: ${parts}.`;
}
