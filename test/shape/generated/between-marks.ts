const END = '<!-- end -->';

/**
 * The page with this text between its two marks.
 * @param of what it is made of
 * @throws RangeError where the page has no place for it
 */
export function betweenMarks(page: string, of: string, text: string): string {
  const begin = `<!-- made of ${of} by \`npm run generate\` -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(END, from);
  if (from < 0 || to < 0) throw new RangeError(`Expected the page to have ${begin} and ${END}`);
  return `${page.slice(0, from)}${begin}\n${text}\n${page.slice(to)}`;
}
