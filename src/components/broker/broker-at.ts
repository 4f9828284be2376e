/** What every broker that runs says of itself. */
export function brokerAt(name: string, url: string) {
  return { name, kind: 'broker', url, endpoints: [{ url }] } as const;
}
