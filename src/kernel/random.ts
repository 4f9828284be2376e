/**
 * Draws by hash, not from a stream in arrival order (DESIGN 3.15): one seed decides the same about one arrival,
 * whatever the timing. FNV-1a over the purpose, then the 32-bit finaliser of MurmurHash3 over each number (A. Appleby,
 * https://github.com/aappleby/smhasher, public domain).
 * @returns a number in [0, 1), 32 bits of resolution
 */
export function draw(seed: number, purpose: string, index: number, attempt = 1): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < purpose.length; i++) h = Math.imul(h ^ purpose.charCodeAt(i), 0x01000193);
  for (const n of [seed, index, attempt]) {
    h = mix(h ^ (n >>> 0));
    // The upper half of numbers past 32 bits counts as well.
    if (n > 0xffffffff) h = mix(h ^ Math.floor(n / 0x1_0000_0000));
  }
  return mix(h) / 0x1_0000_0000;
}

function mix(x: number): number {
  let h = (x + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A seeded random order (Fisher–Yates, Knuth TAOCP 3.4.2 P), one draw per place. */
export function shuffled<T>(items: readonly T[], seed: number, purpose: string, index = 0): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(draw(seed, `${purpose}#${i}`, index) * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
