/** Of which the same is to be said, in the order in which it is first said: `none with A, B; 3 with C`. */
export function grouped<Of>(
  all: readonly Of[],
  say: (one: Of) => string | undefined,
  nameOf: (one: Of) => string,
): string {
  const groups = new Map<string, Set<string>>();
  for (const one of all) {
    const text = say(one);
    if (text !== undefined) groups.set(text, (groups.get(text) ?? new Set()).add(nameOf(one)));
  }
  return [...groups].map(([text, names]) => `${text} with ${[...names].join(', ')}`).join('; ');
}

/** A name with a comma would be taken for two. */
export function quoted(name: string): string {
  return name.includes(',') ? `"${name}"` : name;
}
