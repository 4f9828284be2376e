import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const PARENT = pathToFileURL(path.resolve(import.meta.dirname, '../../bin/parent.js')).href;

/** Says when it sees that whoever started it is gone, and at each of its rounds that it does not. */
const WATCHER = `
import net from 'node:net';
import { watchParent } from '${PARENT}';
const say = (word) => process.stdout.write(word + '\\n');
watchParent(() => { say('gone'); process.exit(); });
setInterval(() => say('still'), 250);
new net.Socket({ fd: 3 }).resume().on('close', () => process.exit());
`;

/** Starts the watcher as npm does: with a shell between, which outlives a kill -9 of this. */
const STARTER = `
import { spawn } from 'node:child_process';
const stdio = ['ignore', 'inherit', 'inherit', 3];
spawn('sh', ['-c', '"$NODE" --input-type=module -e "$WATCHER"; true'], { stdio });
`;

function startedBy(npm: Record<string, string>) {
  const { npm_command: _, ...inherited } = process.env;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', STARTER], {
    env: { ...inherited, NODE: process.execPath, WATCHER, ...npm },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  // The watcher's own lifeline: it ends with the test.
  onTestFinished(() => void (starter.stdio[3] as Duplex).destroy());
  const words: string[] = [];
  starter.stdout!.setEncoding('utf8').on('data', (text: string) => words.push(...text.trim().split('\n')));
  return {
    async killed() {
      while (words.length === 0) await once(starter.stdout!, 'data');
      words.length = 0;
      starter.kill('SIGKILL');
    },
    async saysNext(count: number): Promise<string[]> {
      while (words.length < count && !words.includes('gone')) await once(starter.stdout!, 'data');
      return words.slice(0, count);
    },
  };
}

test.skipIf(process.platform !== 'linux')(
  'npx killed outright is seen past the shell that it leaves',
  async () => {
    const watcher = startedBy({ npm_command: 'exec' });
    await watcher.killed();
    expect(await watcher.saysNext(10)).toContain('gone');
  },
);

test("outside of npm the parent's parent may end: of a script with nohup", async () => {
  const watcher = startedBy({});
  await watcher.killed();
  expect(await watcher.saysNext(4)).toEqual(['still', 'still', 'still', 'still']);
});
