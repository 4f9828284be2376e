import type { Scenario } from '../../scenario/schema.ts';
import { quantileCell } from '../../measure/percentile.ts';
import { doubtText } from '../doubt.ts';
import { formatCount, formatRatio, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { knownQuantile } from '../known-quantile.ts';
import { amplification, wastedShare } from './edges-seen.ts';
import { byCase, dependentOf, type FaultLine, hopsOf, isAsynchronous, isDegraded } from './fault-line.ts';
import { faultText, happeningText } from './fault-text.ts';
import { blastOf, endingOfLine, falseOpensOf } from './health-seen.ts';
import { type LedgerSeen, ledgersSeen } from './ledgers-seen.ts';
import { recoveryText, secondsText } from './recovery-text.ts';
import { workFromFault } from './sections/cascade.ts';
import { harmText } from './sections/endpoints.ts';
import { leafSeen } from './sections/resilience.ts';
import { type Compared, correctShare, harmSeen, isAboutWaits, lostShare } from './seen.ts';

/** What the faults did, in sentences: case by case what was lost and when it was over, then what it cost. */
export function faultFindings(lines: readonly FaultLine[], scenario: Scenario): string[] {
  const told = byCase(lines.filter(({ missing }) => missing === null));
  const isSingle = told.length === 1;
  return told.flatMap((of) => {
    const all = [
      lossFinding(of, scenario),
      recoveryFinding(of, scenario),
      blastFinding(of),
      duplicatesFinding(of),
      lostFinding(of),
      // Of several cases the tables tell the rest.
      ...(isSingle
        ? [waitFinding(of, scenario), leafFinding(of, scenario), wastedFinding(of), falseOpensFinding(of)]
        : []),
    ].filter((text) => text !== undefined);
    // The first says which case it is of.
    return isSingle ? all : [all.join(' ')];
  });
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

/** `Payments killed for 5 s: storefront lost 61.2 % of its requests with Synchronous; none with Over RabbitMQ (...).` */
function lossFinding(lines: readonly FaultLine[], scenario: Scenario): string | undefined {
  if (lines.every((line) => harmSeen(line, scenario).here.planned === 0)) return undefined;
  const whole = scenario.services[0] ? 'its requests' : 'requests';
  const which = dependentTitles(lines);
  const say = (line: FaultLine): string => {
    const { here, control } = harmSeen(line, scenario);
    const lost = control.planned === 0 ? 1 - correctShare(here) : lostShare({ here, control });
    return lost === 0 ? 'none' : formatShare(lost);
  };
  const doubts = new Set(lines.map(({ trials }) => doubtText(trials)));
  // What is to be doubted of all is said once.
  const shared = doubts.size === 1 && lines.length > 1 ? [...doubts].join('') : '';
  const names = (line: FaultLine) =>
    quoted(line) + asideText(line, scenario) + (shared === '' ? doubtText(line.trials) : '');
  // What it is a share of is said once, with the first.
  const parts = grouped(lines, say, names).replace(' with ', ` of ${whole}${which} with `);
  return `${happeningText(lines, scenario)}: ${scenario.services[0]?.id ?? 'callers'} lost ${parts}${shared}.`;
}

/** ` (buy)`: which requests are spoken of, where others do not depend on what was harmed. */
function dependentTitles([line]: readonly FaultLine[]): string {
  const [hops] = hopsOf(line?.trials ?? []);
  if (!line || !hops) return '';
  const of = dependentOf(line, hops);
  return of.length === hops.endpoints.length ? '' : ` (${of.map(({ title }) => title).join(', ')})`;
}

/** What must be said beside what a line lost: degraded answers, work done late, doubts. */
function asideText(line: FaultLine, scenario: Scenario): string {
  const seen = harmSeen(line, scenario);
  const { here } = seen;
  const asides = [
    ...(here.degraded > 0 ? [`${formatShare(here.degraded / here.correct)} of its answers degraded`] : []),
    ...(isAsynchronous(line) ? lateText(seen) : []),
  ];
  return asides.length > 0 ? ` (${asides.join(', ')})` : '';
}

/** Less of a completion time than this is no lateness to be told of. */
const TOLD_LATENESS = 0.5;

/** `97.0 % of the work done`, `2.10 s late at its p95`: against the control. */
function lateText({ here, control }: Compared): string[] {
  if (here.planned === 0) return [];
  const done = `${formatShare(here.done / here.planned)} of the work done`;
  const known = here.completion ? knownQuantile(here.completion) : undefined;
  const usual = known && control.completion ? quantileCell(control.completion, known.quantile) : undefined;
  if (!known || usual?.state !== 'known') return [done];
  const laterUs = known.valueUs - usual.valueUs;
  const isLate = laterUs > known.valueUs * TOLD_LATENESS;
  return [done, ...(isLate ? [`${formatUs(laterUs)} late at its ${quantileName(known.quantile)}`] : [])];
}

/** `Recovered: 0.42 s after the fault with breaker; not within 8 s with none.` */
function recoveryFinding(lines: readonly FaultLine[], scenario: Scenario): string | undefined {
  const endings = lines.map((line) => endingOfLine(line, scenario)?.recovery.state ?? 'never-harmed');
  if (endings.every((state) => state === 'never-harmed')) return undefined;
  const parts = grouped(lines, (line) => {
    const ending = endingOfLine(line, scenario);
    if (!ending) return undefined;
    const { recovery, shed } = ending;
    switch (recovery.state) {
      case 'unjudged':
        return 'not known, of too few arrivals,';
      case 'never-harmed':
        return 'never harmed';
      case 'recovered':
        return `${recoveryText(recovery)} after the fault${shed ? `, not before ${faultText(shed, scenario)}` : ''}`;
      case 'not-recovered':
        return `not within ${secondsText(recovery.watchedNs)}`;
    }
  });
  return `Recovered: ${parts}.`;
}

function blastFinding(lines: readonly FaultLine[]): string | undefined {
  const found = lines.map(blastOf);
  const harmed = found.reduce((n, blast) => {
    return n + (blast ? blast.dependent.harmed + blast.independent.harmed : 0);
  }, 0);
  if (harmed === 0 || found.every((blast) => !blast || blast.independent.of === 0)) return undefined;
  const parts = grouped(lines, (line) => {
    const blast = blastOf(line);
    return blast && `${harmText(blast.dependent)} and ${harmText(blast.independent)}`;
  });
  return `Endpoints harmed, of those that depend on it and of those that do not: ${parts}.`;
}

function duplicatesFinding(lines: readonly FaultLine[]): string | undefined {
  return countFinding(lines, 'Done more than once', (ledger) => ledger.duplicates);
}

function lostFinding(lines: readonly FaultLine[]): string | undefined {
  return countFinding(
    lines,
    'Accepted and never done',
    (ledger) => ledger.lost,
    (line) => (isDegraded(line) ? ', a fallback answering in its place' : ''),
  );
}

/** `Done more than once: 41 calls at users with Retry; none with Idempotency key.` */
function countFinding(
  lines: readonly FaultLine[],
  what: string,
  count: (ledger: LedgerSeen) => number,
  aside: (line: FaultLine) => string = () => '',
): string | undefined {
  const found = lines.flatMap(ledgersSeen);
  if (found.every((ledger) => count(ledger) === 0)) return undefined;
  const parts = grouped(lines, (line) => {
    const hit = ledgersSeen(line).filter((ledger) => count(ledger) > 0);
    const each = hit.map((ledger) => `${plural(count(ledger), 'call')} at ${ledger.service}`);
    return each.length === 0 ? 'none' : each.join(' and ') + aside(line);
  });
  return `${what}: ${parts}.`;
}

function waitFinding(lines: readonly FaultLine[], scenario: Scenario): string | undefined {
  if (!isAboutWaits(lines, scenario)) return undefined;
  const parts = grouped(lines, (line) => {
    const { response } = harmSeen(line, scenario).here;
    const known = response ? knownQuantile(response) : undefined;
    return known && `${quantileName(known.quantile)} ${formatUs(known.valueUs)}`;
  });
  return parts === '' ? undefined : `While it lasted callers waited ${parts}.`;
}

/** Differences of less than this many tries a call are not told. */
const TOLD_TRIES = 0.05;

function leafFinding(lines: readonly FaultLine[], scenario: Scenario): string | undefined {
  const found = lines.flatMap((line) => leafSeen(line, scenario) ?? []);
  const most = Math.max(...found.map(({ seen }) => Math.abs((amplification(seen) ?? 1) - 1)));
  if (found.length === 0 || most < TOLD_TRIES) return undefined;
  const leaves = new Set(found.map(({ leaf }) => leaf));
  const parts = grouped(lines, (line) => {
    const own = leafSeen(line, scenario);
    const times = own ? amplification(own.seen) : null;
    if (times === null) return undefined;
    return `${formatRatio(times)}${leaves.size > 1 ? ` at ${own!.leaf}` : ''}`;
  });
  const where = leaves.size > 1 ? 'the last service that is waited for' : [...leaves].join('');
  return `Tries at ${where} while it lasted, over those due: ${parts}.`;
}

/** Differences of less than this share of the work are not told. */
const TOLD_WASTE = 0.05;

function wastedFinding(lines: readonly FaultLine[]): string | undefined {
  const shares = lines.flatMap((line) => wastedShare(workFromFault(line)) ?? []);
  if (shares.length === 0 || Math.max(...shares) < TOLD_WASTE) return undefined;
  const parts = grouped(lines, (line) => {
    const share = wastedShare(workFromFault(line));
    return share === null ? undefined : formatShare(share);
  });
  return `Work of services that was of no use to anybody, from the fault on: ${parts}.`;
}

function falseOpensFinding(lines: readonly FaultLine[]): string | undefined {
  if (lines.every((line) => hopsOf(line.trials).length === 0)) return undefined;
  const counts = lines.map(falseOpensOf);
  if (counts.every((count) => !count)) return undefined;
  const parts = grouped(lines, (line) => {
    const count = falseOpensOf(line);
    return count === null ? undefined : `${formatCount(count)}×`;
  });
  return `Breakers that opened while nothing was wrong: ${parts}.`;
}
