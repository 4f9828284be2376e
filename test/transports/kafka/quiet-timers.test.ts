import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** In a process of its own, as it changes the process that it is called in. @returns what stands in its stderr */
function warningsOf(code: string): string {
  const file = new URL('../../../src/transports/kafka/links/quiet-timers.ts', import.meta.url).href;
  const script = `const { quietNegativeTimers } = await import('${file}'); ${code}`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', `${script} console.log('')`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  }).trim();
}

const listen = `process.on('warning', ({ name }) => console.log(name)); await new Promise(setImmediate);`;

test('negative timers are not warned of, other things are', () => {
  const warn = `setTimeout(() => {}, -5); process.emitWarning('other', 'OtherWarning'); await new Promise(setImmediate);`;
  expect(warningsOf(`${listen} ${warn}`)).toContain('TimeoutNegativeWarning');
  const quiet = warningsOf(`${listen} quietNegativeTimers(); ${warn}`);
  expect(quiet).not.toContain('TimeoutNegativeWarning');
  expect(quiet).toContain('OtherWarning');
});
