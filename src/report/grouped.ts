/** Texts, each with the names that it applies to, in the order of first appearance: `none with A, B; 3 with C`. */
export function grouped<Of>(
  all: readonly Of[],
  textOf: (one: Of) => string | undefined,
  nameOf: (one: Of) => string,
): string {
  const groups = new Map<string, Set<string>>();
  for (const one of all) {
    const text = textOf(one);
    if (text !== undefined) groups.set(text, (groups.get(text) ?? new Set()).add(nameOf(one)));
  }
  return [...groups].map(([text, names]) => `${text} with ${[...names].join(', ')}`).join('; ');
}

/** A name with a comma would be taken for two. */
export function quoted(name: string): string {
  return name.includes(',') ? `"${name}"` : name;
}
