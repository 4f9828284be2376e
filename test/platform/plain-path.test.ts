import { expect, test } from 'vitest';
import { isPlainPath } from '../../src/platform/plain-path.ts';

test('paths that scripts and settings take apart are told from others', () => {
  for (const plain of ['/home/a/.cache/commbench', '/tmp/x_1-2+3@4'])
    expect(isPlainPath(plain), plain).toBe(true);
  for (const odd of ['/a b', "/a'b", '/a"b', '/$(id)', '/a:b', '/a,b', '/a\nb', '/é', '/a;b']) {
    expect(isPlainPath(odd), odd).toBe(false);
  }
});
