/** `killed`: how the service or the broker was taken away. */
export function downText(what: 'kill' | 'freeze'): string {
  return what === 'kill' ? 'killed' : 'frozen';
}
