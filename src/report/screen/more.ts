/** `commbench report FILE --full, --explain, --format markdown|json|csv|junit`: how to see more. */
export function moreOf(file: string | null): string | null {
  return file === null ? null : `commbench report ${file} ${OPTIONS}`;
}

export const OPTIONS = '--full, --explain, --format markdown|json|csv|junit';
