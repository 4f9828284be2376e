import type { Interaction } from '../../kernel/interaction.ts';

export const definition: Interaction = {
  name: 'request-reply',
  title: "the caller waits for the service's reply",
  isAnswered: true,
  isStream: false,
  hasSubscribers: false,
  isOrdered: false,
  completion: 'the effect, recorded before the reply',
};
