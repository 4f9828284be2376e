import type { DomElement } from 'jsdom';

/** An axis as a drawing states it: the only thing that a check takes from it. */
export interface StatedAxis {
  readonly from: number;
  readonly to: number;
  /** Pixels of a value, by the closed form of the scale. */
  at(value: number): number;
}

/** @param text `log 100 5000 60 540`: scale, both ends, their pixels */
export function statedAxis(text: string): StatedAxis {
  const [scale, ...numbers] = text.split(' ');
  const [from, to, first, last] = numbers.map(Number) as [number, number, number, number];
  const place = {
    linear: (value: number) => value,
    log: (value: number) => Math.log(value),
    nines: (quantile: number) => -Math.log(1 - quantile),
  }[scale as 'linear' | 'log' | 'nines'];
  const share = (value: number) => (place(value) - place(from)) / (place(to) - place(from));
  return { from, to, at: (value) => first + share(value) * (last - first) };
}

/** Where a `transform="translate(x,y)"` puts something. */
export function translated(element: DomElement): readonly [x: number, y: number] {
  const [, x, y] = /^translate\((-?[\d.]+),(-?[\d.]+)\)$/.exec(element.getAttribute('transform') ?? '')!;
  return [Number(x), Number(y)];
}
