import type { Interaction } from '../../kernel/interaction.ts';

export const definition: Interaction = {
  name: 'event-stream',
  title: "the caller waits for the broker's confirm; one consumer handles the messages of each key in order",
  isAnswered: false,
  isStream: false,
  hasSubscribers: false,
  isOrdered: true,
  completion: "the consumer's effect, recorded before its acknowledgement",
};
