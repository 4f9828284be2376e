import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { isDegraded } from '../../analysis/faults/fault-trials.ts';
import { lostShare } from '../../analysis/faults/requests.ts';
import type {
  CountedWork,
  CountsOfLine,
  FaultStatement,
  LossOfLine,
  LostInFault,
} from '../../analysis/findings/statements/faults.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { caveatText } from '../caveat.ts';
import { faultText, happeningText } from '../faults/fault-text.ts';
import { recoveryEndText, harmText, lossText, spreadText, workTexts } from '../faults/loss.ts';
import { recoveryText, secondsText } from '../faults/recovery-text.ts';
import { serviceName } from '../faults/service-name.ts';
import { formatCount, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { grouped, quoted } from '../grouped.ts';
import type { Templates } from '../template.ts';

/** What the faults did, in words. */
export function faultTexts(scenario: Scenario): Templates<FaultStatement> {
  return {
    'lost-in-fault': (lost) => lostText(lost, scenario),
    'others-harmed': ({ comparisons }) =>
      `Endpoints harmed that have no part in it: ${grouped(comparisons, othersText, lineName)}.`,
    recovered: ({ comparisons }) =>
      `Recovered: ${grouped(comparisons, (comparison) => recoveredText(comparison, scenario), lineName)}.`,
    'work-counted': ({ work, lines, none }) => {
      const parts = grouped(lines, (counts) => countsText(counts, work), nameOf);
      const [other, ...more] = none;
      const rest = other ? `; none with ${more.length > 0 ? 'the others' : lineName(other)}` : '';
      return `${COUNTED[work]}: ${parts}${rest}.`;
    },
    'worst-counted': ({ work, worst }) =>
      `${COUNTED[work]}, at most: ${countsText(worst, work)} with ${nameOf(worst)} (${worst.comparison.case?.title ?? ''}).`,
    waited: ({ lines }) => {
      const parts = grouped(
        lines,
        ({ known }) => `${quantileName(known.quantile)} ${formatUs(known.valueUs)}`,
        nameOf,
      );
      return `Response times during the fault: ${parts}.`;
    },
    wasted: ({ lines }) =>
      `Work of services that was of no use to anybody, from the fault on: ${grouped(lines, ({ share }) => formatShare(share), nameOf)}.`,
    'opened-falsely': ({ comparisons }) =>
      `Breakers that opened while nothing was wrong: ${grouped(comparisons, opensText, lineName)}.`,
    'no-valid-comparison': () => 'None of these trials is valid: see Validity.',
  };
}

function lineName({ name }: FaultComparison): string {
  return quoted(name);
}

function nameOf({ comparison }: { readonly comparison: FaultComparison }): string {
  return lineName(comparison);
}

/**
 * `Payments killed for 5 s: storefront lost 61.2 % of its requests with Synchronous; none with Over RabbitMQ (...).`
 */
function lostText({ lines, endpoints, isWithEnd, caveats }: LostInFault, scenario: Scenario): string {
  const [first] = scenario.services;
  const which = endpoints === null ? '' : ` (${endpoints.join(', ')})`;
  const name = (loss: LossOfLine) =>
    nameOf(loss) +
    bracketed(besideTexts(loss, isWithEnd, scenario)) +
    (caveats === 'each' ? caveatText(loss.caveat, 'trials') : '');
  // What it is a share of is said once, with the first.
  const parts = grouped(lines, ({ lost }) => lossText(lost), name).replace(
    ' with ',
    ` of ${first ? 'its requests' : 'requests'}${which} with `,
  );
  const happened = happeningText(
    lines.map(({ comparison }) => comparison),
    scenario,
  );
  return `${happened}: ${first?.id ?? 'callers'} lost ${parts}${sharedCaveat(lines, caveats)}.`;
}

function sharedCaveat([first]: readonly LossOfLine[], caveats: LostInFault['caveats']): string {
  if (caveats === 'various') return ' [no valid trial: see Validity]';
  return caveats === 'one-for-all' ? caveatText(first!.caveat, 'trials') : '';
}

function bracketed(texts: readonly string[]): string {
  return texts.length > 0 ? ` (${texts.join(', ')})` : '';
}

/** What must be said beside what a line lost: degraded answers, work done late, and what came of it after. */
function besideTexts({ comparison, degraded }: LossOfLine, isWithEnd: boolean, scenario: Scenario): string[] {
  return [
    ...(degraded === null ? [] : [`${formatShare(degraded)} of its answers degraded`]),
    ...workTexts(comparison),
    ...(isWithEnd ? afterTexts(comparison, scenario) : []),
  ];
}

/** Where something was lost. */
function afterTexts(comparison: FaultComparison, scenario: Scenario): string[] {
  const end = lostShare(comparison.harm) > 0 ? recoveryEndText(comparison, scenario) : undefined;
  return [spreadText(comparison), end].filter((text) => text !== undefined);
}

/** `0.4 s after the fault`, `not within 8 s`. */
function recoveredText({ health: { ending } }: FaultComparison, scenario: Scenario): string | undefined {
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
}

function othersText({ health: { blast } }: FaultComparison): string | undefined {
  return blast && (blast.independent.harmed === 0 ? 'none' : harmText(blast.independent));
}

function opensText({ health: { falseOpens } }: FaultComparison): string | undefined {
  return falseOpens === null ? undefined : `${formatCount(falseOpens)}×`;
}

const COUNTED: Readonly<Record<CountedWork, string>> = {
  duplicates: 'Done more than once',
  lost: 'Accepted and never done',
};

/** `41 calls at users` */
function countsText({ comparison, ledgers }: CountsOfLine, work: CountedWork): string {
  const each = ledgers.map((ledger) => `${plural(ledger[work], 'call')} at ${serviceName(ledger)}`);
  const isByFallback = work === 'lost' && isDegraded(comparison);
  return each.join(' and ') + (isByFallback ? ', a fallback answering in its place' : '');
}
