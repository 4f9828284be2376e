import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  COMPLEXITY_LOW_TO,
  COMPLEXITY_MEDIUM_TO,
  COMPLEXITY_POINTS,
  complexityPoints,
  type ComplexityItem,
} from '../../src/kernel/complexity.ts';
import { loadTransportDefinition, transportNames } from '../../src/transports/discover.ts';

/** docs/complexity.md says what is counted: it, and not only the code, was fixed before the first result. */
const DOC = readFileSync(path.join(import.meta.dirname, '../../docs/complexity.md'), 'utf8');

const ROWS: readonly [title: string, transport: string, interaction: string][] = [
  ['REST', 'rest', 'request-reply'],
  ['gRPC', 'grpc', 'request-reply'],
  ['GraphQL', 'graphql', 'request-reply'],
  ['Message queue', 'rabbitmq', 'work-queue'],
  ['Event-driven', 'kafka', 'publish-subscribe'],
];

/** `**REST** (2): state: ... · artefact: ...`, a paragraph of its own. */
function listed(title: string): { points: number; items: ComplexityItem[] } {
  const text = DOC.replaceAll(/\n(?=\S)/g, ' ');
  const [, points, list] = new RegExp(String.raw`\*\*${title}\*\* \((\d+)\): ([^\n]+)`).exec(text)!;
  const items = list!.split('·').map((one) => {
    const [, category, what] = /^\s*(process|state|setting|artefact): (.+?)\s*$/.exec(one)!;
    return { category, what } as ComplexityItem;
  });
  return { points: Number(points), items };
}

describe('what is counted is what the document lists', () => {
  for (const [title, name, interaction] of ROWS) {
    // Skipped aloud: the reporter names it.
    test.skipIf(!transportNames().includes(name))(`${title}: ${name}, ${interaction}`, async () => {
      const definition = await loadTransportDefinition(name);
      const items = definition.statements.complexity(definition.options.parse({}), interaction);
      const document = listed(title);
      expect(items).toEqual(document.items);
      expect(complexityPoints(items)).toBe(document.points);
    });
  }
});

test('points and borders are those of the document', () => {
  for (const [category, points] of Object.entries(COMPLEXITY_POINTS)) {
    expect(DOC).toContain(`| ${category} | ${points} |`);
  }
  expect(DOC).toContain(
    `**Low**: at most ${COMPLEXITY_LOW_TO} points. **Medium**: ${COMPLEXITY_LOW_TO + 1} to ${COMPLEXITY_MEDIUM_TO}. **High**: more than ${COMPLEXITY_MEDIUM_TO}.`,
  );
});
