// commbench's generator as one more load tool: writes a plan, runs src/load/generator.ts stand-alone,
// and prints { count, errors, p50 ... max, lag: {...} } in ms, exact quantiles of the raw instants.
//   node commbench.mjs URL RATE SECONDS CONNS   (SECONDS 0 = a single request)
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [, , target, rate_, dur_, conns_] = process.argv, u = new URL(target), dur = +dur_, conns = +conns_ || 32;
const rate = dur ? +rate_ : 1, durationMs = dur ? dur * 1000 : 1000;
const root = path.join(import.meta.dirname, '..', '..'), tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'commbench-referee-'));
const plan = {
  version: 1, name: 'referee', mark: 'referee', trial: 0, seed: 1, transport: 'rest', interaction: 'request-reply', options: { connections: conns },
  address: { url: u.origin, path: u.pathname + u.search }, contract: 'null', mix: [{ operation: 'nothing', share: 1 }], keys: 1,
  load: { shape: 'constant', ratePerS: rate }, durationMs, deadlineMs: 15000, drainMs: 15000, warmUp: null, settle: null,
  pacing: process.env.PACING || 'auto', shard: { index: 0, count: 1 }, arrivalsPath: path.join(tmp, 'arrivals'), socketPath: null,
};
try {
  fs.writeFileSync(path.join(tmp, 'plan.json'), JSON.stringify(plan));
  const node = path.join(root, 'node_modules', 'node', 'bin', 'node');
  const flags = (process.env.NODE_FLAGS || '').split(' ').filter(Boolean);
  const lines = execFileSync(node, [...flags, path.join(root, 'src', 'load', 'generator.ts'), path.join(tmp, 'plan.json')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim().split('\n').map((l) => JSON.parse(l));
  const of = (type) => lines.find((l) => l.type === type);
  console.log(JSON.stringify({ ...figures(fs.readFileSync(plan.arrivalsPath)), paced: of('paced'), done: of('done') }));
} finally { fs.rmSync(tmp, { recursive: true, force: true }); }

// The file's layout: src/measure/arrivals.ts. Read here by hand, so that the figures don't come from what they judge.
function figures(file) {
  const n = file.readUInt32LE(32), start = file.readDoubleLE(40), response = [], lag = []; let errors = 0;
  for (let i = 0; i < n; i++) {
    const due = start + Math.round(i * 1e9 / rate), sent = file.readDoubleLE(64 + i * 8), back = file.readDoubleLE(64 + n * 16 + i * 8), ok = file[64 + n * 26 + i] === 1;
    if (sent === sent) lag.push((sent - due) / 1e6);
    if (ok) response.push((back - due) / 1e6); else errors++;
  }
  return { count: response.length, errors, ...quantiles(response), lag: quantiles(lag) };
}
function quantiles(a) {
  const s = Float64Array.from(a).sort(), q = (p) => s[Math.min(s.length - 1, Math.ceil(p * s.length) - 1)];
  return { p50: q(0.5), p90: q(0.9), p99: q(0.99), p999: q(0.999), max: s.at(-1) };
}
