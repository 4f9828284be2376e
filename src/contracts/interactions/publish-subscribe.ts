import type { Interaction } from '../../kernel/interaction.ts';

export const definition: Interaction = {
  name: 'publish-subscribe',
  title: "the caller waits for the broker's confirm; each subscriber handles every message",
  isAnswered: false,
  isStream: false,
  hasSubscribers: true,
  isOrdered: false,
  completion: "the last subscriber's effect",
};
