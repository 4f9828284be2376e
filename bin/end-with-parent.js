// Runs a command in this process's own group and ends the whole group when stdin closes: the parent holds
// the other end, so that even its kill -9 leaves no installation running.
//   node end-with-parent.js COMMAND [ARGUMENT ...]
import { spawn } from 'node:child_process';

const GRACE_MS = 2000;
const NOT_FOUND = 127;

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
let isEnding = false;

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(NOT_FOUND);
});
child.on('exit', (code) => {
  if (isEnding) process.kill(-process.pid, 'SIGKILL');
  process.exit(code ?? 1);
});

process.on('SIGTERM', () => {
  // The group's SIGTERM is meant for the command.
});
process.stdin.on('error', endGroup).on('close', endGroup).resume();

function endGroup() {
  if (isEnding) return;
  isEnding = true;
  process.kill(-process.pid, 'SIGTERM');
  setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS);
}
