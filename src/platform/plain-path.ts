/**
 * Whether a path has only characters that mean nothing to a shell, a list of paths or a file of settings: brokers and their
 * start scripts are given such paths, and take others apart.
 */
export function isPlainPath(place: string): boolean {
  return /^[\w./+@-]*$/.test(place);
}
