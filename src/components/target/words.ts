/**
 * A command's words: a list as it is, a text cut at blanks. Quotes hold a word together; there is no shell, so that nothing
 * else means anything.
 */
export function splitCommand(command: string | readonly string[]): string[] {
  if (typeof command !== 'string') return [...command];
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(
      /"([^"]*)"|'([^']*)'/g,
      (_quoted, double?: string, single?: string) => double ?? single ?? '',
    ),
  );
}
