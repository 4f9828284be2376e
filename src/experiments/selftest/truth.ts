import type { RawTrial } from '../../trial/raw-trial.ts';

/**
 * The second truth: read from the raw effect log by code of its own, so that a mistake in the tested code is not
 * repeated here.
 */

/** When each sequence was first done by this subscriber (ns, monotonic). */
function doneBy({ logs: { effects } }: RawTrial, subscriber: number): Map<number, number> {
  const done = new Map<number, number>();
  for (const effect of effects) {
    if (effect.stage !== 'measured' || effect.subscriber !== subscriber) continue;
    if (!done.has(effect.sequence)) done.set(effect.sequence, effect.completedNs);
  }
  return done;
}

/** When each sequence was done by all of so many subscribers, and by the first of them (ns, monotonic). */
export function completions(raw: RawTrial, subscribers: number) {
  const each = Array.from({ length: subscribers }, (_, i) => doneBy(raw, i));
  const byAny = new Map<number, number>();
  const byAll = new Map<number, number>();
  for (const sequence of new Set(each.flatMap((done) => [...done.keys()]))) {
    const instants = each.flatMap((done) => done.get(sequence) ?? []);
    byAny.set(sequence, Math.min(...instants));
    if (instants.length === subscribers) byAll.set(sequence, Math.max(...instants));
  }
  return { byAny, byAll };
}

/** Sequences that this subscriber wrote after a later one of the same key, by the log's own order. */
export function overtaken({ logs: { effects } }: RawTrial, subscriber: number): number[] {
  const own = effects.filter((e) => e.stage === 'measured' && e.subscriber === subscriber);
  const isFirst = (i: number) => own.findIndex((e) => e.sequence === own[i]!.sequence) === i;
  return own.flatMap(({ key, sequence }, i) => {
    const isLate = own.slice(0, i).some((before) => before.key === key && before.sequence > sequence);
    return isLate && isFirst(i) ? [sequence] : [];
  });
}
