import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import {
  COMPLEXITY_LOW_TO,
  COMPLEXITY_MEDIUM_TO,
  COMPLEXITY_POINTS,
  complexityPoints,
  type ComplexityItem,
} from '../../src/kernel/complexity.ts';
import { loadCatalogue } from '../../src/transports/discover.ts';

/** docs/complexity.md says what is counted: it, and not only the code, was fixed before the first result. */
const DOC = readFileSync(path.join(import.meta.dirname, '../../docs/complexity.md'), 'utf8');

/** `**REST** (`rest`, request-reply; 2): state: ... · artefact: ...`, a paragraph of its own. */
function listed(name: string, interaction: string): { points: number; items: ComplexityItem[] } | undefined {
  const text = DOC.replaceAll(/\n(?=\S)/g, ' ');
  const head = String.raw`\(\`${name}\`, ${interaction}; (\d+)\): ([^\n]+)`;
  const [, points, list] = new RegExp(head).exec(text) ?? [];
  if (points === undefined) return undefined;
  const items = list!.split('·').map((one) => {
    const [, category, what] = /^\s*(process|state|setting|artefact): (.+?)\s*$/.exec(one)!;
    return { category, what } as ComplexityItem;
  });
  return { points: Number(points), items };
}

/** As a paragraph of the document, for whoever adds a transport. */
function paragraph(name: string, interaction: string, items: readonly ComplexityItem[]): string {
  const list = items.map(({ category, what }) => `${category}: ${what}`).join(' · ');
  return `(\`${name}\`, ${interaction}; ${complexityPoints(items)}): ${list}`;
}

const { transports } = await loadCatalogue();

describe.each([...transports])('%s', (name, { interactions, options, statements }) => {
  it.each(interactions)('counts what the document lists for %s', (interaction) => {
    const items = statements.complexity(options.parse({}), interaction);
    const document = listed(name, interaction);
    expect(document, `docs/complexity.md lacks: ${paragraph(name, interaction, items)}`).toEqual({
      points: complexityPoints(items),
      items,
    });
  });
});

test('points and borders are those of the document', () => {
  for (const [category, points] of Object.entries(COMPLEXITY_POINTS)) {
    expect(DOC).toContain(`| ${category} | ${points} |`);
  }
  expect(DOC).toContain(
    `**Low**: at most ${COMPLEXITY_LOW_TO} points. **Medium**: ${COMPLEXITY_LOW_TO + 1} to ${COMPLEXITY_MEDIUM_TO}. **High**: more than ${COMPLEXITY_MEDIUM_TO}.`,
  );
});
