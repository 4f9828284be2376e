import { readFileSync } from 'node:fs';
import net from 'node:net';
import { expect, test } from 'vitest';
import { freePorts } from '../../../src/platform/net/ports.ts';

test('ports are different, can be had, and are none that an outgoing connection may take', async () => {
  const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
  const ports = await freePorts(50);
  expect(new Set(ports).size).toBe(50);
  expect(ports.filter((port) => port >= range[0]! && port <= range[1]!)).toEqual([]);
  for (const port of ports) {
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    await new Promise((resolve) => server.close(resolve));
  }
});
