type Settled<T extends readonly unknown[]> = { -readonly [I in keyof T]: Awaited<T[I]> };

/**
 * The results of all promises. Unlike `Promise.all` it waits for every one before it throws the first reason. Whatever
 * started meanwhile then has an owner who will end it.
 */
export async function allOf<T extends readonly unknown[]>(promises: T): Promise<Settled<T>> {
  const ends = await Promise.allSettled(promises);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  }) as Settled<T>;
}
