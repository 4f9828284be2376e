import { expect, it } from 'vitest';
import { makeTopic } from '../../../src/transports/kafka/make-topic.ts';

/** An administrator whose broker gives these answers about the topic, one after another. */
function adminOf(answers: readonly (string | undefined)[], isNew = true) {
  let asked = 0;
  return {
    createTopics: async () => isNew,
    async fetchTopicOffsets() {
      const type = answers[asked++];
      if (type !== undefined) throw asKafkajsThrows(type, asked);
      return [];
    },
    asked: () => asked,
  };
}

/** Itself, or as the cause of an error of the library's own. */
function asKafkajsThrows(type: string, asked: number): Error {
  const error = Object.assign(new Error(type), { type });
  return asked % 2 === 0 ? error : new Error(`Retried in vain: ${type}`, { cause: error });
}

it('a topic is made when its leaders answer for it, not before', async () => {
  const admin = adminOf([
    'UNKNOWN_TOPIC_OR_PARTITION',
    'LEADER_NOT_AVAILABLE',
    'NOT_LEADER_FOR_PARTITION',
    'NOT_LEADER_FOR_PARTITION',
    undefined,
  ]);
  expect(await makeTopic(admin, 'events', 3)).toBe(true);
  expect(admin.asked()).toBe(5);
});

it('another error is told at once', async () => {
  const admin = adminOf(['TOPIC_AUTHORIZATION_FAILED', undefined]);
  await expect(makeTopic(admin, 'events', 3)).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
  expect(admin.asked()).toBe(1);
});

it('a topic that was there is not waited for', async () => {
  const admin = adminOf([], false);
  expect(await makeTopic(admin, 'events', 3)).toBe(false);
  expect(admin.asked()).toBe(0);
});
