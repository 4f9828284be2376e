// node .ci/complete-lock.mjs: adds to package-lock.json the optional packages of other platforms that npm left out.
// A registry mirror that lacks them makes `npm install` drop them in silence, and `npm ci` then refuses the lock
// file. Name and version are known from the package that asks for them, the platform from the name; there is no
// integrity to record for what cannot be fetched.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const OS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const CPU = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'arm'];

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const added = [];
for (const [place, asking] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(asking.optionalDependencies ?? {})) {
    const own = `node_modules/${name}`;
    if (lock.packages[own] || lock.packages[`${place}/${own}`]) continue;
    lock.packages[own] = entry(name, version, asking);
    added.push(`${name}@${version}`);
  }
}
const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'nothing was missing' : `added ${added.join(', ')}`);

function entry(name, version, { dev }) {
  const parts = name.slice(name.indexOf('/') + 1).split('-');
  const os = OS.find((known) => parts.includes(known));
  const cpu = CPU.find((known) => parts.includes(known));
  if (!os || !cpu || !/^\d/.test(version))
    throw new Error(`expected a platform in the name, found ${name}@${version}`);
  return {
    version,
    cpu: [cpu],
    ...(dev ? { dev } : {}),
    ...(os === 'linux' ? { libc: [parts.some((part) => part.startsWith('musl')) ? 'musl' : 'glibc'] } : {}),
    optional: true,
    os: [os],
  };
}
