import { expect, test } from 'vitest';
import { splitCommand } from '../../../src/components/target/program.ts';

test.each([
  ['node server.js 8080', ['node', 'server.js', '8080']],
  [`  a  "b c"  'd "e"' --f="g h" `, ['a', 'b c', 'd "e"', '--f=g h']],
  ['a "" $HOME;b', ['a', '', '$HOME;b']],
])('%s', (command, words) => {
  expect(splitCommand(command)).toEqual(words);
});

test('a list is taken as it is', () => {
  expect(splitCommand(['a b', '"c"'])).toEqual(['a b', '"c"']);
});
