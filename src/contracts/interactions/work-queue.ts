import type { Interaction } from '../../kernel/interaction.ts';

export const definition: Interaction = {
  name: 'work-queue',
  title: "the caller waits for the broker's confirm; one consumer handles each message",
  isAnswered: false,
  isStream: false,
  hasSubscribers: false,
  isOrdered: false,
  completion: "the consumer's effect, recorded before its acknowledgement",
};
