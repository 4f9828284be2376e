import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/kernel/nearest.ts';

describe('nearest', () => {
  const words = ['rest', 'rabbitmq', 'graphql', 'grpc'];

  it.each([
    ['rset', 'rest'],
    ['rabitmq', 'rabbitmq'],
    ['GraphQL', 'graphql'],
    ['grcp', 'grpc'],
    ['rest', 'rest'],
  ])('takes %s for %s', (word, expected) => {
    expect(nearest(word, words)).toBe(expected);
  });

  it('guesses nothing for a word that is like none', () => {
    expect(nearest('kubernetes', words)).toBeUndefined();
    expect(nearest('', words)).toBeUndefined();
  });

  it('counts swapped neighbours as one difference', () => {
    expect(nearest('abdc', ['abcd'])).toBe('abcd');
    expect(nearest('badc', ['abcd'])).toBeUndefined();
  });

  it('names the guess, else everything known', () => {
    expect(didYouMean('rset', words)).toBe('Did you mean rest?');
    expect(didYouMean('kubernetes', words)).toBe('Known: rest, rabbitmq, graphql, grpc.');
  });
});
