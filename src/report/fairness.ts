import { knownQuantile } from '../analysis/patterns/known-quantile.ts';
import { generatorsOf } from '../analysis/patterns/generators.ts';
import { type PatternResult, timedTrials, variantsOf } from '../analysis/patterns/pattern-result.ts';
import { mergeSeries } from '../measure/figures/histogram.ts';
import type { PatternRecord, Result, Trial } from '../record/record.ts';
import { madeConnectionsText } from './connections-text.ts';
import { formatCount, formatMs, formatUs, plural, quantileName } from './format.ts';
import { generatorText } from './generators.ts';
import { loadsText, loadText } from './load-text.ts';
import { patienceText } from './patience-text.ts';
import { promises } from './promises.ts';
import type { Facts } from './view.ts';

/** The load, and what differs between the variants of a scenario. */
function arrivalsText(result: Result): string {
  const variants = variantsOf(result);
  const own = variants.filter((variant) => variant.load);
  const each = variants.map(({ title, load: its, contract }) => {
    const more = [its && loadText(its), contract && `contract ${contract}`].filter(Boolean);
    return more.length > 0 ? `${title} (${more.join(', ')})` : title;
  });
  const base = variants.length > 0 && own.length === variants.length ? [] : [loadsText(result.scenario)];
  return [...base, ...(each.length > 0 ? [`variants: ${each.join(', ')}`] : [])].join('; ');
}

/** Settings that are the same for all patterns, so that these are compared and nothing else. */
export function sameForAll(result: Result, patterns: readonly PatternResult[]): Facts {
  const { scenario: s } = result;
  const targets = patterns.filter((pattern) => pattern.record.target !== null).length;
  const hasOwn = patterns.some((pattern) => ownArrivals(result, pattern).length > 0);
  const services = { some: targets < patterns.length, all: targets === 0 };
  const work =
    s.service.processingMs > 0 ? `, processing time ${formatMs(s.service.processingMs)} per message` : '';
  return {
    title: 'Every pattern',
    facts: [
      [
        'arrivals',
        `${arrivalsText(result)}, open loop, the same instants${services.all ? ' and contents' : ''} for every pattern of a round${hasOwn ? ', except patterns with their own' : ''}`,
      ],
      ...(services.some && s.services.length === 0
        ? [
            [
              'concurrency of the service',
              `${formatCount(s.service.concurrency)} (also prefetch)${work}`,
            ] as const,
          ]
        : []),
      ['deadline', formatMs(s.deadlineMs)],
      [
        'warm-up',
        `at least ${plural(s.warmUp.calls, 'call')}, ${s.warmUp.concurrency} open at once, before every trial`,
      ],
      [
        'processes',
        `${services.some ? `a fresh service${services.all ? '' : ' (targets apart)'} and ` : ''}${generatorText(generatorsOf(result))} for every trial`,
      ],
    ],
  };
}

/** What holds of one pattern: its client, its promises, and what was seen of it. */
export function fairnessFacts(result: Result, pattern: PatternResult): Facts {
  const { record } = pattern;
  const trials = [...timedTrials(pattern), ...pattern.trials.faulted];
  const notes = new Set([...trials, ...pattern.trials.wireBytes].flatMap((trial) => trial.notes));
  const pacing = [...new Set(trials.map((trial) => trial.pacing))].join(', ');
  return {
    title: record.title,
    facts: [
      ['client', record.client],
      ...(record.patience === null
        ? []
        : [['while the other end is away', `calls are ${patienceText(record.patience)}`] as const]),
      ...ownArrivals(result, pattern),
      ...Object.entries(record.fairness),
      ...(record.target === null ? promises(record.guarantee) : ofTarget(record, record.target)),
      ...connectionWait(pattern),
      ...unmeasuredCalls(trials),
      ...connectionsOpened(pattern),
      ...(trials.some((trial) => trial.evidence === 'effect-log')
        ? [['most in the handler at once', mostInHandler(trials)] as const]
        : []),
      ...(trials.length > 0 ? [['pacing', pacing] as const] : []),
      ...[...notes].map((note) => ['noted', note] as const),
    ],
  };
}

/** A target is known from our side only, and from its completion source. */
function ofTarget({ guarantee, completion }: PatternRecord, target: string): Facts['facts'] {
  return [
    ['target', target],
    ['acknowledged by', guarantee.acknowledgedBy],
    ['work done', completion === null ? 'not observed: acceptance only' : `observed at the ${completion}`],
    ['guarantee', guarantee.label],
  ];
}

/** Load and mix by which a pattern's arrivals differ from the others'. */
function ownArrivals({ scenario: { patterns } }: Result, { record, load }: PatternResult): Facts['facts'] {
  const own = patterns.find(({ id }) => id === record.id);
  if (!own?.load && !own?.mix) return [];
  const asked = own.mix?.map(({ operation }) => operation).join(', ');
  const text = [own.load && loadText(load), asked].filter(Boolean).join(', ');
  return [['arrivals', `its own, different from the other patterns: ${text}`]];
}

/** What whoever is driven gets before it is measured: for a service of the user's own, real calls. */
function unmeasuredCalls(trials: readonly Trial[]): Facts['facts'] {
  const warm = trials.map(({ warmUp }) => warmUp.calls);
  const steady = trials.map(({ warmUp }) => warmUp.steadyStateCalls);
  if (Math.max(0, ...warm, ...steady) === 0) return [];
  const settling = Math.max(...steady) > 0 ? `, ${countRange(steady)} until latencies were steady` : '';
  return [['calls before each trial', `${countRange(warm)} to warm up${settling}`]];
}

/** `3,000–8,400`. */
function countRange(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map(formatCount);
  return least === most ? least! : `${least}–${most}`;
}

function mostInHandler(trials: readonly Trial[]): string {
  return String(Math.max(0, ...trials.map((trial) => trial.maxConcurrent)));
}

/** Connections that were opened are part of the response time, and of what the service did. */
function connectionsOpened(pattern: PatternResult): Facts['facts'] {
  const text = madeConnectionsText(pattern);
  return text === null ? [] : [['connections made', text]];
}

/** A part of the response time, where it can be seen: too few connections show here. */
function connectionWait({ trials: { latency } }: PatternResult): Facts['facts'] {
  // Results older than the spans of their CPU have the client's own preparation in it.
  const known = latency.filter(({ cost }) => cost.spans !== undefined);
  const seen = known.flatMap((trial) => trial.phases.flatMap((phase) => phase.connectionWait ?? []));
  if (seen.length === 0) return [];
  const waits = mergeSeries(seen);
  const waited = waits.count - waits.nonPositive;
  if (waited === 0) return [['wait for a connection', 'none: one was free for every call']];
  const quantile = knownQuantile(waits);
  const longest =
    quantile && quantile.valueUs > 1
      ? `, ${quantileName(quantile.quantile)} ${formatUs(quantile.valueUs)}`
      : '';
  return [
    [
      'wait for a connection',
      `${formatCount(waited)} of ${formatCount(waits.count)} calls, as all were busy${longest}`,
    ],
  ];
}
