import { expect, test } from 'vitest';
import { adapterLines, codeLines } from '../../src/transports/adapter-lines.ts';

test('blank lines and comments are no lines of code', () => {
  const source = ['/**', ' * why', ' */', "import a from 'a';", '', '// note', 'a(); // now', '/* x */ b();'];
  expect(codeLines(source.join('\n'))).toBe(3);
  expect(codeLines('/* one */\n/* two\n three */\n')).toBe(0);
});

test("a transport's own code is counted, whatever starts its broker is not", () => {
  expect(adapterLines('rest')).toBeGreaterThan(100);
  const parts = adapterLines('rabbitmq');
  expect(parts).toBeGreaterThan(100);
  expect(parts).toBeLessThan(1500);
});
