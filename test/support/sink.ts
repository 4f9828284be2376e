/** Collects what comes and lets a test wait until it is there: no sleeping. */
export interface Sink<T> {
  readonly items: readonly T[];
  put(item: T): void;
  /** Settles when what has come is enough; looked at after each item. */
  until(isEnough: (items: readonly T[]) => boolean): Promise<void>;
  /** Settles when at least so many have come. */
  holds(count: number): Promise<void>;
}

export function createSink<T>(): Sink<T> {
  const items: T[] = [];
  let waiting: { readonly isEnough: (items: readonly T[]) => boolean; readonly resolve: () => void }[] = [];
  const until = async (isEnough: (items: readonly T[]) => boolean) => {
    if (!isEnough(items)) await new Promise<void>((resolve) => waiting.push({ isEnough, resolve }));
  };
  return {
    items,
    put(item) {
      items.push(item);
      const ready = waiting.filter(({ isEnough }) => isEnough(items));
      waiting = waiting.filter((wait) => !ready.includes(wait));
      for (const { resolve } of ready) resolve();
    },
    until,
    holds: (count) => until(() => items.length >= count),
  };
}
