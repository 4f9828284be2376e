import { expect, test } from 'vitest';
import type { TopologyEdge } from '../../src/kernel/topology.ts';
import { fanOutIn, lateWorkIn } from '../../src/plan/late-work.ts';
import type { TrialSpec } from '../../src/plan/spec.ts';

/** `ab` is awaited, `a~b` goes over a broker. */
function specOf(
  edges: readonly string[],
  more: { interaction?: string; mix?: TrialSpec['load']['mix'] } = {},
) {
  const place = (name: string) => 'abcd'.indexOf(name);
  const { interaction = 'request-reply', mix = [{ operation: 'createUser', share: 1 }] } = more;
  const topology = {
    services: [...'abcd'].map((id) => ({ id })),
    edges: edges.map((text): Omit<TopologyEdge, 'id'> => {
      const [way, operation] = text.split(' ');
      const ends = [...way!];
      return {
        from: place(ends[0]!),
        to: place(ends.at(-1)!),
        operations: operation ? [operation] : null,
        isAnswered: ends.length === 2,
      };
    }),
  };
  const system = { topology, pattern: { interaction, subscribers: 1 } };
  return { system, seed: 1, load: { mix } } as unknown as TrialSpec;
}

test.each([
  { what: 'a chain that waits', edges: ['ab', 'bc', 'cd'], late: [0, 0, 0, 0] },
  { what: 'what is behind a broker, all of it', edges: ['ab', 'b~c', 'cd'], late: [0, 0, 1, 1] },
  { what: 'a diamond of which one way is late', edges: ['ab', 'ac', 'bd', 'c~d'], late: [0, 0, 0, 2] },
  { what: 'a way that this operation does not take', edges: ['ab', 'b~c other', 'cd'], late: [0, 0, 0, 0] },
])('$what', ({ edges, late }) => {
  expect(lateWorkIn(specOf(edges))(0)).toEqual(late);
});

test('where the generator itself hands over to a broker, all work is late', () => {
  const spec = specOf(['ab', 'bc', 'cd'], { interaction: 'work-queue' });
  expect(lateWorkIn(spec)(0)).toEqual(fanOutIn(spec)(0));
});

test('each arrival by its own operation', () => {
  const mix = ['createUser', 'getUser'].map((operation) => ({ operation, share: 1 }));
  const spec = specOf(['a~b createUser', 'a~c getUser'], { mix });
  const late = Array.from({ length: 100 }, (_, i) => lateWorkIn(spec)(i).join(''));
  expect(new Set(late)).toEqual(new Set(['0100', '0010']));
});
