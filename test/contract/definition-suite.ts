import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { interactionByName } from '../../src/contracts/interactions.ts';
import { BROKER_FACTS } from '../../src/kernel/transport.ts';
import type { Subject } from '../support/transport-bench.ts';

const SRC = path.resolve(import.meta.dirname, '../../src/transports');

/** What a transport says of itself. */
export function describeDefinition({ name, definition, interaction, options: given }: Subject): void {
  describe('definition', () => {
    const options = definition.options.parse({ ...given });

    it('is named like its folder', () => {
      expect(definition.name).toBe(name);
      expect(definition.interactions).toContain(interaction);
    });

    it('has a default, limits and a description for every option', () => {
      const schema = z.toJSONSchema(definition.options, { io: 'input' }) as {
        required?: string[];
        properties: Record<string, { description?: string; type?: string; maximum?: number }>;
      };
      expect(schema.required ?? []).toEqual([]);
      for (const [option, { description, type, maximum }] of Object.entries(schema.properties)) {
        expect(description, option).toEqual(expect.any(String));
        if (type === 'integer' || type === 'number') expect(maximum, option).toEqual(expect.any(Number));
      }
    });

    it('refuses unknown options', () => {
      expect(definition.options.safeParse({ surelyNoOption: 1 }).success).toBe(false);
    });

    it('states its guarantee and what fairness needs', () => {
      const { label, acknowledgedBy, durableAgainst, order } = definition.statements.guarantee(
        options,
        interaction,
      );
      for (const text of [label, acknowledgedBy, durableAgainst, order]) expect(text).toMatch(/\w{2}/);
      const fairness = definition.statements.fairness(options, interaction);
      expect(Object.keys(fairness)).toEqual(
        expect.arrayContaining(['protocol', 'connections', 'encoding', 'noDelay']),
      );
    });

    it.runIf(definition.broker !== undefined)('states what a broker’s pattern costs and loses by', () => {
      const fairness = definition.statements.fairness(options, interaction);
      for (const fact of BROKER_FACTS) expect(fairness[fact], fact).toMatch(/\w{2}/);
    });

    it.runIf(interactionByName(interaction).isOrdered)(
      'keeps the order of each key, as an event stream does',
      () => {
        expect(definition.traits?.oneAtATimePerKey).toBe(true);
      },
    );

    it('names every option in its README', () => {
      const readme = readFileSync(path.join(SRC, name, 'README.md'), 'utf8');
      for (const option of Object.keys(options as object)) expect(readme).toContain(`\`${option}\``);
    });
  });
}
