import { failureName } from '../../kernel/outcome.ts';
import { withoutUrls } from '../../kernel/redact.ts';
import type { Failure } from '../../kernel/transport.ts';

/** What the first failures of one kind said, a text once. */
export interface FailureTexts {
  /** `error 503` */
  readonly end: string;
  readonly texts: readonly string[];
}

/** Different texts kept of each kind of failure: the first ones. */
const MOST = 3;
const LONGEST = 160;

/** Kept for whoever looks for the cause. Bounded in number and length. */
export class FailureTextBook {
  readonly #texts = new Map<string, Set<string>>();

  note({ outcome, status, detail }: Pick<Failure, 'outcome' | 'status' | 'detail'>): void {
    const end = failureName(outcome, status);
    let known = this.#texts.get(end);
    if (!known) this.#texts.set(end, (known = new Set()));
    if (known.size < MOST) known.add(withoutUrls(detail.slice(0, LONGEST)));
  }

  list(): FailureTexts[] {
    return [...this.#texts].map(([end, texts]) => ({ end, texts: [...texts] }));
  }
}

/** As if one book had been kept for all. */
export function mergeFailureTexts(books: readonly (readonly FailureTexts[])[]): FailureTexts[] {
  const byEnd = Map.groupBy(books.flat(), ({ end }) => end);
  return [...byEnd].map(([end, all]) => ({
    end,
    texts: [...new Set(all.flatMap(({ texts }) => texts))].slice(0, MOST),
  }));
}
