import { distinct, regimesOf } from '../../analysis/regimes/regime.ts';
import type { Result } from '../../record/record.ts';
import { andOf, formatMs, formatRate, oneOf } from '../format.ts';

/**
 * `Holds for: one host, loopback, one broker of each kind, Node 26.10.0 with undici 8.12.4 and amqplib 2.3.1, 200/s, no
 * work in the service.` Whoever chooses by a figure must know where it was measured.
 */
export function scopeText(result: Result): string {
  const { brokers, patterns } = result;
  const regimes = regimesOf(result);
  const hasTarget = patterns.some(({ target }) => target !== null);
  const parts = [
    ...(hasTarget ? [] : ['one host', 'loopback']),
    ...brokerText(brokers.map(({ name }) => name)),
    clientText(result),
    listed(distinct(regimes.map(({ ratePerS }) => ratePerS)).map(formatRate), '/s'),
    ...(result.scenario.services.length > 0 ? [] : [workText(regimes.map((one) => one.processingMs))]),
  ];
  return `Holds for: ${parts.join(', ')}.`;
}

function brokerText(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [names.length === 1 ? 'one broker' : 'one broker of each kind'];
}

/** A client library is a part of its pattern: another one may be twice as fast. */
function clientText({ environment: { node }, patterns }: Result): string {
  const runtime = typeof node === 'string' ? `Node ${node}` : 'Node';
  const clients = [...new Set(patterns.filter(({ state }) => state === 'run').map(({ client }) => client))];
  return clients.length === 0 ? runtime : `${runtime} with ${andOf(clients)}`;
}

function workText(processingMs: readonly number[]): string {
  const all = distinct(processingMs);
  if (all.length === 1 && all[0] === 0) return 'no work in the service';
  return `${listed(all.map(formatMs), ' ms')} of work per message`;
}

/** `50, 200 or 500/s`: the unit once, where all have the same. */
function listed(values: readonly string[], unit: string): string {
  const isAlike = values.every((value) => value.endsWith(unit));
  const bare = values.map((value, i) =>
    isAlike && i < values.length - 1 ? value.slice(0, -unit.length) : value,
  );
  return oneOf(bare);
}
