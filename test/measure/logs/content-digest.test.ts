import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentDigest, NO_CONTENT_DIGEST } from '../../../src/measure/logs/content-digest.ts';

const content = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));

test('the order of fields and absent ones change nothing, and none is mistaken for no record', () => {
  fc.assert(
    fc.property(content, (fields) => {
      const digest = contentDigest(fields);
      const reversed = Object.fromEntries(Object.entries(fields).toReversed());
      expect(contentDigest({ ...reversed, absent: undefined })).toBe(digest);
      expect(digest).not.toBe(NO_CONTENT_DIGEST);
      expect(Number.isInteger(digest) && digest <= 0xffffffff).toBe(true);
    }),
  );
});

test('another value, another name and one more field are other contents', () => {
  const sent = { email: 'ada@example.com', name: 'Ada', status: 'INACTIVE' };
  const others = [
    { ...sent, status: 'ACTIVE' },
    { ...sent, birth_year: 0 },
    { email: sent.email, name: sent.name, state: sent.status },
    { ...sent, email: sent.name, name: sent.email },
    { email: sent.email, name: sent.name },
  ];
  expect(new Set([sent, ...others].map(contentDigest)).size).toBe(others.length + 1);
});
