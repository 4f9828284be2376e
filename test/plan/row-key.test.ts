import { expect, test } from 'vitest';
import { rowKey } from '../../src/plan/row-key.ts';
import { rowsOfOurs } from '../../src/experiments/calibrate/design.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';

test('a broker of the user’s own is another one, and its password no part of a key', async () => {
  const { scenario } = await loadScenario('rest-vs-queue', []);
  const [rest, queue] = await rowsOfOurs(scenario, undefined);
  const given = { rabbitmq: 'amqp://ana:s3cret@127.0.0.1:5679/' };
  expect(rowKey(queue!, given)).not.toBe(rowKey(queue!, {}));
  expect(rowKey(queue!, given)).not.toContain('s3cret');
  expect(rowKey(rest!, given)).toBe(rowKey(rest!, {}));
});
