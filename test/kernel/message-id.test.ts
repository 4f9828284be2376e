import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageId, readMessageId } from '../../src/kernel/message-id.ts';

const marks = fc.stringMatching(/^[0-9a-f]{12}$/);
const identities = fc.record({
  trial: fc.integer({ min: 0, max: 0xffff }),
  stage: fc.constantFrom('measured', 'warm-up', 'steady-state'),
  sequence: fc.integer({ min: 0, max: 0xffff_ffff }),
  attempt: fc.integer({ min: 1, max: 15 }),
  key: fc.integer({ min: 0, max: 1_000_000 }),
} as const);

test('an id is a UUID of version 8 that says which arrival it was, to its own run alone', () => {
  fc.assert(
    fc.property(marks, marks, identities, (mark, other, identity) => {
      const id = messageId(mark, identity);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      // Services may write ids in capitals.
      expect(readMessageId(mark, ` ${id.toUpperCase()}`)).toEqual(identity);
      if (other !== mark) expect(readMessageId(other, id)).toBeUndefined();
    }),
  );
});

test('whatever else comes is no id', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.uuid({ version: [1, 2, 3, 4, 5, 6, 7] })), (text) => {
      expect(readMessageId('0123456789ab', text)).toBeUndefined();
    }),
  );
});
