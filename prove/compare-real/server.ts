import { createServer } from 'node:http';

/**
 * `node server.ts PORT WORK_MS`: replies at once and does the work of a request 250 ms later, as a service does that
 * writes behind: what it costs strikes whoever is served then.
 */
const DEFERRED_MS = 250;
const [port, workMs] = process.argv.slice(2).map(Number) as [number, number];

createServer((_request, response) => {
  response.end('{}');
  if (workMs > 0) setTimeout(work, DEFERRED_MS);
}).listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));

function work(): void {
  const untilMs = performance.now() + workMs;
  while (performance.now() < untilMs);
}
