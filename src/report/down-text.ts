/** `killed`: how the callee or the broker was taken away. */
export function downText(what: 'kill' | 'freeze'): string {
  return what === 'kill' ? 'killed' : 'frozen';
}
