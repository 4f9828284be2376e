// Reads what commbench.sh left: exact quantiles of the raw instants, in ms, latency from the intended
// instant. The file's layout is that of src/measure/arrivals.ts, read here by hand, so that the figures
// don't come from the code that they judge.
import fs from 'node:fs';

export function readCommbench(stdout) {
  const lines = stdout.trim().split('\n').map((l) => JSON.parse(l)), of = (type) => lines.find((l) => l.type === type);
  const done = of('done'), plan = JSON.parse(fs.readFileSync(done.arrivalsPath + '.plan', 'utf8'));
  return { ...figures(fs.readFileSync(done.arrivalsPath), plan.load.ratePerS), pacing: of('paced').pacing, candidates: of('paced').candidates, loop: done.loop, cpuUs: done.cpuUs };
}
function figures(file, rate) {
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
