// The same over gRPC: node grpc-server.js [PORT]. It needs @grpc/grpc-js and @grpc/proto-loader.
// Over TLS with the files that the variables CERT and KEY name; CLIENT_CA demands client certificates of that authority.
import { readFileSync } from 'node:fs';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';

const port = Number(process.argv[2] ?? 8391);
const proto = fileURLToPath(new URL('orders.proto', import.meta.url));
const { shop } = loadPackageDefinition(loadSync(proto, { keepCase: true }));

const { CERT, KEY, CLIENT_CA } = process.env;
const read = (file) => (file ? readFileSync(file) : null);
const credentials = CERT
  ? ServerCredentials.createSsl(
      read(CLIENT_CA),
      [{ cert_chain: read(CERT), private_key: read(KEY) }],
      CLIENT_CA !== undefined,
    )
  : ServerCredentials.createInsecure();

const server = new Server();
server.addService(shop.Orders.service, {
  Place: ({ request }, reply) => reply(null, { id: request.id, state: 'accepted' }),
});
server.bindAsync(`127.0.0.1:${port}`, credentials, (error) => {
  if (error) throw error;
  process.stdout.write(`listening on ${port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
