import { expect, it } from 'vitest';
import type { Desk, Moment } from '../../../src/experiments/live/desk.ts';
import { parseIntent } from '../../../src/experiments/live/grammar.ts';
import { createKeyBoard } from '../../../src/experiments/live/keys.ts';

function boardAt(factor: number, use: string) {
  const plan = {
    services: ['shop', 'payments'],
    brokers: ['rabbitmq'],
    edges: [{ id: 'pay', from: 0, to: 1, transport: 'rest' }],
    stacks: ['breaker'],
  } as unknown as Desk['plan'];
  return createKeyBoard({ plan }, () => ({ factor, edges: [{ use }] }) as unknown as Moment);
}

it('begins with the last service, and Tab goes on to the brokers and round again', () => {
  const board = boardAt(1, 'own');
  const parts = ['\t', '\t', '\t'].map((key) => {
    const { part } = board;
    expect(board.lineOf(key)).toBeUndefined();
    return part;
  });
  expect(parts).toEqual(['payments', 'rabbitmq', 'shop']);
  expect(board.part).toBe('payments');
});

it('every key is a line that a session understands', () => {
  const lines = [...'kfsehHp+-q\u0003'].map((key) => boardAt(1, 'own').lineOf(key)!);
  expect(lines.join(', ')).toBe(
    'kill payments, freeze payments, slow payments, errors payments, heal payments, heal, ' +
      'policies pay none, load 2, load 0.5, end, end',
  );
  for (const line of lines) expect(() => parseIntent(line)).not.toThrow();
});

it('goes through the stacks of the edge to the part, and stops at the ends of the load', () => {
  expect(boardAt(1, 'none').lineOf('p')).toBe('policies pay breaker');
  expect(boardAt(1, 'breaker').lineOf('p')).toBe('policies pay own');
  expect(boardAt(10, 'own').lineOf('+')).toBe('load 10');
  expect(boardAt(0.25, 'own').lineOf('-')).toBe('load 0.25');
  const board = boardAt(1, 'own');
  board.lineOf('\t');
  expect(board.lineOf('p')).toBeUndefined();
  expect(board.lineOf('x')).toBeUndefined();
});
