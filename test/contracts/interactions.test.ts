import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { interactionByName, INTERACTIONS, isOneAnswer, isQueued } from '../../src/contracts/interactions.ts';
import { loadTransportDefinition, transportNames } from '../../src/transports/discover.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../src/contracts/interactions');
const PORT = ['interaction.ts', 'interactions.ts'];

it('finds every file of the folder, which is named like its interaction', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && !PORT.includes(file));
  expect(INTERACTIONS.map(({ name }) => `${name}.ts`)).toEqual(files.toSorted());
});

it('refuses a name that no file has', () => {
  expect(() => interactionByName('request-stream')).toThrow(RangeError);
});

it.each(INTERACTIONS.map((interaction) => [interaction.name, interaction] as const))(
  '%s says what ends the wait and what completes the call',
  (name, { isAnswered, isStream, title, completion }) => {
    // A stream is an answer, in parts.
    if (isStream) expect(isAnswered).toBe(true);
    expect(isOneAnswer(name)).toBe(isAnswered && !isStream);
    expect(title).toContain('the caller waits');
    expect(completion).toContain('effect');
  },
);

it('has every interaction that a transport offers', async () => {
  const definitions = await Promise.all(transportNames().map(loadTransportDefinition));
  const offered = definitions.flatMap(({ interactions }) => interactions);
  expect(INTERACTIONS.map(({ name }) => name)).toEqual(expect.arrayContaining(offered));
});

it('is queued for over a broker, but for requests that the broker keeps for nobody', () => {
  const broker = { name: 'x', title: 'X' };
  const nothingKept = { broker, traits: { keepsNoRequests: true } } as const;
  expect(isQueued({}, 'request-reply')).toBe(false);
  expect(isQueued({ broker }, 'request-reply')).toBe(true);
  expect(isQueued({ broker }, 'work-queue')).toBe(true);
  // Its service is bounded by its own queue then, as one without a broker is.
  expect(isQueued(nothingKept, 'request-reply')).toBe(false);
  expect(isQueued(nothingKept, 'work-queue')).toBe(true);
});
