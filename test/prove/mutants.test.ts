import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listMutants, mutate, type Mutant } from '../../prove/mutant.ts';
import { verdictOf } from '../../prove/mutants.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const mutants = await listMutants();

// Whether they are killed takes minutes: `npm run prove -- mutants`. That they still fit is checked here.
describe('mutants', () => {
  it.each(mutants)('$name still applies to $file', (mutant) => {
    const source = read(mutant.file);
    expect(mutate(source, mutant)).not.toBe(source);
  });

  it('have names of their own', () => {
    const names = mutants.map((mutant) => mutant.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a mutant', () => {
  const mutant: Mutant = {
    name: 'm',
    rule: 'r',
    file: 'f',
    find: 'a + b',
    replace: '$&',
    test: 't',
    fails: 'adds',
  };

  it('is applied literally, exactly once', () => {
    expect(mutate('return a + b;', mutant)).toBe('return $&;');
    expect(() => mutate('a + b; a + b', mutant)).toThrow('expected its text once in f, found it 2 times');
    expect(() => mutate('a - b', mutant)).toThrow('found it 0 times');
  });

  it('is killed only by the test that it is for', () => {
    expect(verdictOf({ failed: ['sum adds'], passed: 3 }, 'adds')).toBe('killed');
    expect(verdictOf({ failed: ['sum subtracts'], passed: 3 }, 'adds')).toBe('elsewhere');
    expect(verdictOf({ failed: [], passed: 4 }, 'adds')).toBe('survived');
    expect(verdictOf({ failed: [], passed: 0 }, 'adds')).toBe('broken');
  });
});
