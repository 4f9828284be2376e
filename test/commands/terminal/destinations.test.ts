import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { JSDOM } from 'jsdom';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeResult } from '../../../src/record/store.ts';
import { otlpMetricsRequest } from '../../support/telemetry/otlp-schema.ts';
import { commbenchInside } from '../../support/cli-inside.ts';
import { completeResult } from '../../support/result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let place: ReturnType<typeof temporaryFolder>;
let file: string;
beforeEach(() => {
  place = temporaryFolder();
  file = path.join(place.path, 'r.json');
  writeResult(file, completeResult());
});
afterEach(() => place[Symbol.dispose]());

const reported = (...places: string[]) =>
  commbenchInside(['report', file, ...places.flatMap((one) => ['--report', one])]);

test('a format of several files fills a folder, which is made', async () => {
  const folder = `${place.path}/deep/percentiles/`;
  const { code, stdout } = await reported(`hgrm=${folder}`);
  expect([code, stdout.startsWith('rest-vs-queue: ')]).toEqual([0, true]);
  const names = readdirSync(folder);
  expect(names).toContain('rest.latency.baseline.response.hgrm');
  expect(names.length).toBeGreaterThan(20);
  expect(readFileSync(path.join(folder, names[0]!), 'utf8')).toMatch(/^ +Value +Percentile TotalCount/);
});

test('Markdown in a folder has its pictures beside it, each an SVG by itself', async () => {
  expect(await reported(`markdown=${place.path}/pull/`)).toMatchObject({ code: 0 });
  const folder = path.join(place.path, 'pull');
  const page = readFileSync(path.join(folder, 'report.md'), 'utf8');
  const linked = [...page.matchAll(/^!\[.*\]\((.*\.svg)\)$/gm)].map(([, name]) => name);
  expect(linked.length).toBeGreaterThan(0);
  expect(readdirSync(folder).toSorted()).toEqual(['report.md', ...linked].toSorted());
  for (const name of linked) {
    const svg = readFileSync(path.join(folder, name!), 'utf8');
    expect(new JSDOM(svg).window.document.querySelectorAll('svg > title').length).toBe(1);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
  }
});

test('a format of one file refuses a folder, and a folder that is a file is named', async () => {
  expect(await reported(`csv=${place.path}/`)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('is a folder, and a report as csv is one file') as unknown,
  });
  writeFileSync(path.join(place.path, 'x'), '');
  expect(await reported(`hgrm=${place.path}/x/y/`)).toMatchObject({ code: 6, stdout: '' });
});

test('a server gets the report before the command ends, and one that refuses it ends it with 6', async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.writeHead(request.url === '/v1/metrics' ? 200 : 404).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await reported(`otlp=${url}/v1/metrics`)).toMatchObject({ code: 0, stderr: '' });
  expect(otlpMetricsRequest.parse(JSON.parse(bodies[0]!)).resourceMetrics).toHaveLength(1);
  const { code, stdout, stderr } = await reported(`prometheus=${url}/elsewhere`);
  expect([code, stdout.startsWith('rest-vs-queue: ')]).toEqual([6, true]);
  expect(stderr).toContain('did not take the report: HTTP 404');
  server.close();
});
