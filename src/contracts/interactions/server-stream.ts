import type { Interaction } from '../../kernel/interaction.ts';

export const definition: Interaction = {
  name: 'server-stream',
  title: 'the caller waits for a stream of items, paced by the service',
  isAnswered: true,
  isStream: true,
  hasSubscribers: false,
  isOrdered: false,
  completion: "the stream's one effect, recorded before its end",
};
