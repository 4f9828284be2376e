type Settled<T extends readonly unknown[]> = { -readonly [I in keyof T]: Awaited<T[I]> };

/**
 * What all of these came to. Unlike `Promise.all` it waits for every one of them before it throws the first
 * reason: what was started beside it is in its owner's hands by then, and will be ended.
 */
export async function allOf<T extends readonly unknown[]>(promises: T): Promise<Settled<T>> {
  const ends = await Promise.allSettled(promises);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  }) as Settled<T>;
}
