import type { Finding, Subject } from '../../analysis/finding.ts';
import { figureIn } from '../../analysis/findings/figures.ts';
import { andOf } from '../format.ts';
import { rangeText } from './faults.ts';
import type { Names } from './names.ts';
import type { Template } from './template.ts';

/**
 * `With the same policies, RabbitMQ + retry and Kafka + retry against REST + retry: success in fault 0.0–13.4 % → 100 %,
 * completed 20.1–40.3 % → 100 %, unrelated endpoints degraded 3 → 0 of 3.` Each from the least to the greatest of the
 * cases.
 */
export const transportSwap: Template = (found, names) => {
  if (found.length === 0) return undefined;
  const byPair = Map.groupBy(found, ({ subject }) => `${names.line(subject)}|${baseText(subject, names)}`);
  const pairs = [...byPair.values()].map((own) => ({
    swapped: names.line(own[0]!.subject),
    change: `against ${baseText(own[0]!.subject, names)}: ${changesText(own)}`,
  }));
  const byChange = Map.groupBy(pairs, ({ change }) => change);
  const each = [...byChange].map(
    ([change, alike]) => `${andOf(alike.map(({ swapped }) => swapped))} ${change}`,
  );
  return `With the same policies, ${each.join('; ')}.`;
};

/** The base is the last subject. */
function baseText(subject: readonly Subject[], names: Names): string {
  const base = subject.at(-1)!;
  return names.line(subject.filter((one) => one.kind === 'pattern' || one === base));
}

function changesText(found: readonly Finding[]): string {
  const values = (name: string) => found.flatMap((one) => figureIn(one, name)?.value ?? []);
  const changed = (what: string, name: string) => {
    const [from, to] = [values(`base-${name}`), values(name)];
    if (from.length === 0 || to.length === 0 || rangeText(from) === rangeText(to)) return [];
    return [`${what} ${rangeText(from)} → ${rangeText(to)}`];
  };
  const changes = [
    ...changed('success in fault', 'success'),
    ...changed('completed', 'done'),
    ...endpointsText(values),
  ];
  return changes.length === 0 ? 'no difference' : changes.join(', ');
}

/** In the case with the most. */
function endpointsText(values: (name: string) => readonly number[]): string[] {
  const [from, to, of] = ['base-degraded-endpoints', 'degraded-endpoints', 'unrelated-endpoints'].map(
    (name) => Math.max(0, ...values(name)),
  );
  return from === to ? [] : [`unrelated endpoints degraded ${from} → ${to} of ${of}`];
}
