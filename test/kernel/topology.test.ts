import { describe, expect, it } from 'vitest';
import { fanOutOf, inOrder, reachOf, type Topology } from '../../src/kernel/topology.ts';

/** 0 → 1 → 3 → 4 and 0 → 2 → 3, the last step from 2 without an answer; reads end at 1. */
function diamond(idempotent = false): Topology {
  const edge = (from: number, to: number, more: Partial<Topology['edges'][number]> = {}) => {
    return { id: `${from}-${to}`, from, to, operations: ['write'], isAnswered: true, ...more };
  };
  return {
    services: ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, idempotent: id === 'd' && idempotent })),
    edges: [
      edge(3, 4),
      edge(0, 1, { operations: null }),
      edge(0, 2),
      edge(1, 3),
      edge(2, 3, { isAnswered: false }),
    ],
  };
}

describe('a topology', () => {
  it('says how often each service works for one call', () => {
    expect(fanOutOf(diamond(), 'write')).toEqual([1, 1, 1, 2, 2]);
    expect(fanOutOf(diamond(), 'read')).toEqual([1, 1, 0, 0, 0]);
  });

  it('counts an idempotent service once, and what stands behind it', () => {
    expect(fanOutOf(diamond(true), 'write')).toEqual([1, 1, 1, 1, 1]);
    expect(fanOutOf(diamond(true), 'read')).toEqual([1, 1, 0, 0, 0]);
  });

  it('says where an operation gets to, and whom its answer waits for', () => {
    expect(reachOf(diamond(), 'write')).toEqual({ all: [0, 1, 2, 3, 4], awaited: [0, 1, 2, 3, 4] });
    const { services, edges } = diamond();
    const loose = { services, edges: edges.filter(({ id }) => id !== '1-3') };
    expect(reachOf(loose, 'write')).toEqual({ all: [0, 1, 2, 3, 4], awaited: [0, 1, 2] });
    expect(reachOf(diamond(), 'read').all).toEqual([0, 1]);
  });

  it('names callers before services, and refuses a cycle', () => {
    const order = inOrder(diamond());
    for (const { from, to } of diamond().edges) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
    const { services, edges } = diamond();
    expect(() => inOrder({ services, edges: [...edges, { ...edges[0]!, from: 4, to: 0 }] })).toThrow(
      /cycles/,
    );
  });
});
