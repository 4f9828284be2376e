import { expect, test } from 'vitest';
import { patternKey } from '../../src/plan/pattern-key.ts';
import { ownPatterns } from '../../src/experiments/calibrate/design.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';

test('a broker of the user’s own is another one, and its password no part of a key', async () => {
  const { scenario } = await loadScenario('rest-vs-queue', []);
  const [rest, queue] = await ownPatterns(scenario, undefined);
  const given = { rabbitmq: 'amqp://ana:s3cret@127.0.0.1:5679/' };
  expect(patternKey(queue!, given)).not.toBe(patternKey(queue!, {}));
  expect(patternKey(queue!, given)).not.toContain('s3cret');
  expect(patternKey(rest!, given)).toBe(patternKey(rest!, {}));
});
