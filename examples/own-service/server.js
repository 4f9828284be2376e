// A small service of one's own, without dependencies: node server.js [PORT]
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const port = Number(process.argv[2] ?? 8390);
const holdMs = Number(process.env.HOLD_MS ?? 2);
const orders = new Map();

const server = createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.method === 'GET' && request.url === '/health') return answer(200, { state: 'up' });
  const [, id] = /^\/orders\/([\w-]+)$/.exec(request.url) ?? [];
  if (request.method === 'GET' && id) {
    return orders.has(id) ? answer(200, orders.get(id)) : answer(404, { error: 'no such order' });
  }
  if (request.method !== 'POST' || request.url !== '/orders') return answer(404, { error: 'nothing here' });
  let text = '';
  for await (const chunk of request) text += chunk;
  const order = { ...JSON.parse(text), state: 'accepted' };
  await sleep(holdMs);
  orders.set(order.id, order);
  answer(201, order);
});
server.listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
process.on('SIGTERM', () => process.exit(0));
