/** The beginning of a text that may be long, with how much more there was. */
export function cutText(text: string, most: number): string {
  const more = text.length - most;
  return more <= 0 ? text : `${text.slice(0, most)}… (${more} more characters)`;
}
