// The same over gRPC: node grpc-server.js [PORT]. It needs @grpc/grpc-js and @grpc/proto-loader.
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';

const port = Number(process.argv[2] ?? 8391);
const proto = fileURLToPath(new URL('orders.proto', import.meta.url));
const { shop } = loadPackageDefinition(loadSync(proto, { keepCase: true }));

const server = new Server();
server.addService(shop.Orders.service, {
  Place: ({ request }, reply) => reply(null, { id: request.id, state: 'accepted' }),
});
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
  process.stdout.write(`listening on ${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
