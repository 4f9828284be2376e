import type { Scenario } from '../../scenario/schema/schema.ts';
import { doubtText } from '../doubt.ts';
import { formatCount, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { knownQuantile } from '../../analysis/patterns/known-quantile.ts';
import { wastedShare } from '../../analysis/faults/edges-seen.ts';
import type { FaultLine } from '../../analysis/faults/fault-line.ts';
import { byCase, dependentOf, hopsOf, isDegraded } from '../../analysis/faults/fault-trials.ts';
import { faultText, happeningText } from './fault-text.ts';
import type { LedgerSeen } from '../../analysis/faults/ledgers-seen.ts';
import { endText, lossText, spreadText, workTexts } from './loss.ts';
import { recoveryText, secondsText } from './recovery-text.ts';
import { harmText } from './tables/endpoints.ts';
import { serviceName } from './service-name.ts';
import { isAboutWaits, lostShare } from '../../analysis/faults/seen.ts';

/** What the faults did, in sentences: what was lost and when it was over, then what it cost; of several cases a sentence each. */
export function faultFindings(lines: readonly FaultLine[], scenario: Scenario): string[] {
  const ran = lines.filter(({ missing }) => missing === null);
  const cases = byCase(ran);
  const found = cases.length > 1 ? casesFindings(cases, scenario) : caseFindings(ran, scenario);
  return found.filter((text) => text !== undefined);
}

function caseFindings(lines: readonly FaultLine[], scenario: Scenario): (string | undefined)[] {
  if (lines.length === 0) return [];
  return [
    lossFinding(lines, scenario),
    blastFinding(lines),
    recoveryFinding(lines, scenario),
    ...COUNTS.map((count) => countFinding(lines, count)),
    waitFinding(lines),
    wastedFinding(lines),
    falseOpensFinding(lines),
  ];
}

/** The tables tell the rest: what was done twice or never is said once for all cases. */
function casesFindings(cases: readonly FaultLine[][], scenario: Scenario): (string | undefined)[] {
  const all = cases.flat();
  const isDoubted = all.every((line) => doubtOf(line) !== '');
  const more = (line: FaultLine) => afterTexts(line, scenario);
  return [
    ...cases.map((of) => lossFinding(of, scenario, { more, isDoubtTold: !isDoubted })),
    ...COUNTS.map((count) => worstFinding(all, count)),
    ...(isDoubted ? ['The measurement of each of them is in doubt: see Measured.'] : []),
  ];
}

/** What came of it, where something was lost. */
function afterTexts(line: FaultLine, scenario: Scenario): string[] {
  const end = lostShare(line.harm) > 0 ? endText(line, scenario) : undefined;
  return [spreadText(line), end].filter((text) => text !== undefined);
}

/** Lines of which the same is to be said, in the order in which it is first said: `none with A, B; 3 with C`. */
function grouped(
  lines: readonly FaultLine[],
  say: (line: FaultLine) => string | undefined,
  nameOf: (line: FaultLine) => string = quoted,
): string {
  const groups = new Map<string, string[]>();
  for (const line of lines) {
    const text = say(line);
    if (text !== undefined) groups.set(text, [...(groups.get(text) ?? []), nameOf(line)]);
  }
  return [...groups].map(([text, names]) => `${text} with ${names.join(', ')}`).join('; ');
}

/** A name with a comma would be taken for two. */
function quoted({ name }: FaultLine): string {
  return name.includes(',') ? `"${name}"` : name;
}

interface Told {
  readonly more: (line: FaultLine) => readonly string[];
  readonly isDoubtTold: boolean;
}

/**
 * `Payments killed for 5 s: storefront lost 61.2 % of its requests with Synchronous; none with Over RabbitMQ (...).`
 * @param told what is to be said of a line beside what it lost
 */
function lossFinding(
  lines: readonly FaultLine[],
  scenario: Scenario,
  { more, isDoubtTold }: Told = { more: () => [], isDoubtTold: true },
): string | undefined {
  if (lines.every(({ harm }) => harm.here.planned === 0)) return undefined;
  const whole = scenario.services[0] ? 'its requests' : 'requests';
  const which = dependentTitles(lines);
  const shared = isDoubtTold ? sharedDoubt(lines) : '';
  const names = (line: FaultLine) =>
    quoted(line) +
    bracketed([...asideTexts(line), ...more(line)]) +
    (shared === '' && isDoubtTold ? doubtOf(line) : '');
  // What it is a share of is said once, with the first.
  const parts = grouped(lines, (line) => lossText(lostShare(line.harm)), names).replace(
    ' with ',
    ` of ${whole}${which} with `,
  );
  return `${happeningText(lines, scenario)}: ${scenario.services[0]?.id ?? 'callers'} lost ${parts}${shared}.`;
}

/** A loss is a difference to the control: what is to be doubted of either is, of it. */
function doubtOf({ trials, controls }: FaultLine): string {
  return doubtText([...trials, ...controls], 'trials');
}

/** What is to be doubted of all is said once. */
function sharedDoubt(lines: readonly FaultLine[]): string {
  const doubts = new Set(lines.map(doubtOf));
  if (lines.length < 2 || doubts.has('')) return '';
  return doubts.size === 1 ? [...doubts].join('') : ' [each measurement in doubt: see Measured]';
}

function bracketed(texts: readonly string[]): string {
  return texts.length > 0 ? ` (${texts.join(', ')})` : '';
}

/** ` (buy)`: which requests are spoken of, where others do not depend on what was harmed. */
function dependentTitles([line]: readonly FaultLine[]): string {
  const [hops] = hopsOf(line?.trials ?? []);
  if (!line || !hops) return '';
  const of = dependentOf(line, hops);
  return of.length === hops.endpoints.length ? '' : ` (${of.map(({ title }) => title).join(', ')})`;
}

/** What must be said beside what a line lost: degraded answers, work done late. */
function asideTexts(line: FaultLine): string[] {
  const { here } = line.harm;
  const degraded =
    here.degraded > 0 ? [`${formatShare(here.degraded / here.correct)} of its answers degraded`] : [];
  return [...degraded, ...workTexts(line)];
}

/** `Recovered: 0.4 s after the fault with breaker; not within 8 s with none.` */
function recoveryFinding(lines: readonly FaultLine[], scenario: Scenario): string | undefined {
  const endings = lines.map((line) => line.health.ending?.recovery.state ?? 'never-harmed');
  if (endings.every((state) => state === 'never-harmed')) return undefined;
  const parts = grouped(lines, (line) => {
    const { ending } = line.health;
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

function blastFinding(lines: readonly FaultLine[]): string | undefined {
  const found = lines.map(({ health }) => health.blast);
  if (found.every((blast) => !blast || blast.independent.harmed === 0)) return undefined;
  const parts = grouped(lines, (line) => {
    const { blast } = line.health;
    return blast && (blast.independent.harmed === 0 ? 'none' : harmText(blast.independent));
  });
  return `Endpoints harmed that have no part in it: ${parts}.`;
}

interface Count {
  readonly what: string;
  readonly of: (ledger: LedgerSeen) => number;
  readonly aside?: (line: FaultLine) => string;
}

const COUNTS: readonly Count[] = [
  { what: 'Done more than once', of: ({ duplicates }) => duplicates },
  {
    what: 'Accepted and never done',
    of: ({ lost }) => lost,
    aside: (line) => (isDegraded(line) ? ', a fallback answering in its place' : ''),
  },
];

/** `41 calls at users`: where there were any. */
function countTexts(line: FaultLine, { of }: Count): string[] {
  const hit = line.work.ledgers.filter((ledger) => of(ledger) > 0);
  return hit.map((ledger) => `${plural(of(ledger), 'call')} at ${serviceName(ledger)}`);
}

/** `Done more than once: 41 calls at users with Retry; none with Idempotency key.` */
function countFinding(lines: readonly FaultLine[], count: Count): string | undefined {
  const hit = lines.filter((line) => countTexts(line, count).length > 0);
  const [other, ...more] = lines.filter((line) => !hit.includes(line));
  if (hit.length === 0) return undefined;
  const parts = grouped(hit, (line) => countTexts(line, count).join(' and ') + (count.aside?.(line) ?? ''));
  const none = other && `; none with ${more.length > 0 ? 'the others' : quoted(other)}`;
  return `${count.what}: ${parts}${none ?? ''}.`;
}

/** Of many lines the worst one. */
function worstFinding(lines: readonly FaultLine[], count: Count): string | undefined {
  const most = (line: FaultLine) => Math.max(0, ...line.work.ledgers.map(count.of));
  const worst = lines.toSorted((a, b) => most(b) - most(a))[0];
  if (!worst || most(worst) === 0) return undefined;
  const texts = countTexts(worst, count).join(' and ') + (count.aside?.(worst) ?? '');
  return `${count.what}, at most: ${texts} with ${quoted(worst)} (${worst.case?.title ?? ''}).`;
}

function waitFinding(lines: readonly FaultLine[]): string | undefined {
  if (!isAboutWaits(lines)) return undefined;
  const parts = grouped(lines, (line) => {
    const { response } = line.harm.here;
    const known = response ? knownQuantile(response, 0.999) : undefined;
    return known && `${quantileName(known.quantile)} ${formatUs(known.valueUs)}`;
  });
  return parts === '' ? undefined : `While it lasted callers waited ${parts}.`;
}

/** Where less than this share of all work was for nothing, the tables tell it. */
const TOLD_WASTE = 0.25;

function wastedFinding(lines: readonly FaultLine[]): string | undefined {
  const shares = lines.flatMap(({ work }) => wastedShare(work.fromFault) ?? []);
  if (shares.length === 0 || Math.max(...shares) < TOLD_WASTE) return undefined;
  const parts = grouped(lines, (line) => {
    const share = wastedShare(line.work.fromFault);
    return share === null ? undefined : formatShare(share);
  });
  return `Work of services that was of no use to anybody, from the fault on: ${parts}.`;
}

function falseOpensFinding(lines: readonly FaultLine[]): string | undefined {
  if (lines.every((line) => hopsOf(line.trials).length === 0)) return undefined;
  const counts = lines.map(({ health }) => health.falseOpens);
  if (counts.every((count) => !count)) return undefined;
  const parts = grouped(lines, (line) => {
    const count = line.health.falseOpens;
    return count === null ? undefined : `${formatCount(count)}×`;
  });
  return `Breakers that opened while nothing was wrong: ${parts}.`;
}
