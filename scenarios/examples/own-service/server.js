// A small service of one's own, without dependencies: node server.js [PORT]
// Over TLS with the files that the variables CERT and KEY name.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const port = Number(process.argv[2] ?? 8390);
const processingMs = Number(process.env.DELAY_MS ?? 2);
const orders = new Map();

const { CERT, KEY } = process.env;
const files = CERT ? { cert: readFileSync(CERT), key: readFileSync(KEY) } : {};

const server = (CERT ? createSecureServer : createServer)(files, (request, response) => {
  void answerTo(request)
    .catch((error) => [400, { error: String(error) }])
    .then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
});

async function answerTo(request) {
  const { method, url } = request;
  if (method === 'GET' && url === '/health') return [200, { state: 'up' }];
  if (method === 'GET' && url === '/orders') return [200, [...orders.values()].slice(-10)];
  if (method === 'GET' && url.startsWith('/orders/')) {
    const order = orders.get(url.slice('/orders/'.length));
    return order ? [200, order] : [404, { error: 'no such order' }];
  }
  if (method !== 'POST' || url !== '/orders') return [404, { error: 'nothing here' }];
  let text = '';
  for await (const chunk of request) text += chunk;
  const order = { ...JSON.parse(text), state: 'accepted' };
  await sleep(processingMs);
  orders.set(order.id, order);
  return [201, order];
}

server.listen(port, '127.0.0.1', () => process.stdout.write(`listening on ${port}\n`));
process.on('SIGTERM', () => process.exit(0));
