import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { faultByName, FAULTS } from '../../src/faults/faults.ts';
import { definition as freeze } from '../../src/faults/freeze.ts';

describe('every fault', () => {
  it('is named as its file, and found by that name', () => {
    const files = readdirSync(new URL('../../src/faults/', import.meta.url));
    expect(files).toEqual(expect.arrayContaining(FAULTS.map(({ name }) => `${name}.ts`)));
    for (const fault of FAULTS) expect(faultByName(fault.name)).toBe(fault);
    expect(faultByName('freeze')).toBe(freeze);
  });

  it.each(FAULTS)(
    '$name says what it does, and of each option what it means and how large it may be',
    (fault) => {
      expect(fault.title).toMatch(/\w{2}/);
      const { properties } = z.toJSONSchema(fault.options, { io: 'input' }) as unknown as {
        properties: Record<string, { description?: string; type?: string; maximum?: number }>;
      };
      for (const [option, { description, type, maximum }] of Object.entries(properties)) {
        expect(description, option).toEqual(expect.any(String));
        if (type === 'integer' || type === 'number') expect(maximum, option).toEqual(expect.any(Number));
      }
    },
  );
});

it('there is no fault of another name', () => {
  expect(() => faultByName('surely-none')).toThrow('Expected a fault, found surely-none');
});
