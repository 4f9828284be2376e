import { readAutocannon, readFortio, readGhz, readHey, readK6, readOha, readOwn } from './readings.ts';
import { GRPC_METHOD, GRPC_PROTO } from './referee-settings.ts';
import { type Job, type Tool, urlOf } from './tool.ts';

/** An answer that takes longer is an error, with those that have a limit of their own. */
const FORTIO = 'load -quiet -p 50,90,99,99.9 -r 0.0001 -timeout 15s -json {out}';
const GHZ = `--insecure --proto {in} --call ${GRPC_METHOD.replace('/', '.')} -d {} -O json -o {out}`;
const GHZ_OPEN = `${GHZ} -r {rate} -z {seconds}s --duration-stop wait -c {connections} --connections {channels}`;
const K6 = words('run --quiet --no-color {in}');

/** The load tools that the bench can drive, at a constant rate by what their manuals say. */
export const KNOWN_TOOLS: readonly Tool[] = [
  {
    name: 'oha',
    protocol: 'http',
    program: 'oha',
    get: 'cargo install oha --locked, https://github.com/hatoo/oha',
    version: '--version',
    open: words(
      '--no-tui --output-format json -w --latency-correction -q {rate} -z {seconds}s -c {connections} {url}',
    ),
    one: words('--no-tui --output-format json -n 1 -c 1 {url}'),
    read: readOha,
  },
  {
    name: 'k6',
    protocol: 'http',
    program: 'k6',
    get: 'https://grafana.com/docs/k6/latest/set-up/install-k6/',
    version: 'version',
    env: { K6_NO_USAGE_REPORT: 'true' },
    input: { extension: 'js', text: k6Script },
    open: K6,
    one: K6,
    read: readK6,
  },
  {
    name: 'fortio',
    protocol: 'http',
    program: 'fortio',
    get: 'go install fortio.org/fortio@latest, https://fortio.org',
    version: 'version',
    open: words(`${FORTIO} -t {seconds}s -c {connections} -uniform -qps {rate} {url}`),
    one: words(`${FORTIO} -n 1 -c 1 -qps 0 {url}`),
    read: readFortio,
  },
  {
    name: 'autocannon',
    protocol: 'http',
    program: 'autocannon',
    get: 'npm install autocannon',
    version: '--version',
    open: words('-n -j -R {rate} -d {seconds} -c {connections} {url}'),
    one: words('-n -j -a 1 -c 1 {url}'),
    read: readAutocannon,
  },
  {
    name: 'hey',
    protocol: 'http',
    program: 'hey',
    get: 'apt install hey, https://github.com/rakyll/hey',
    open: words('-q {ratePerConnection} -z {seconds}s -c {connections} {url}'),
    one: words('-n 1 -c 1 {url}'),
    read: readHey,
  },
  ghz('ghz', `${GHZ_OPEN} {host}`),
  ghz('ghz --async', `${GHZ_OPEN} --async {host}`),
];

function ghz(name: string, open: string): Tool {
  return {
    name,
    protocol: 'grpc',
    program: 'ghz',
    get: 'go install github.com/bojand/ghz/cmd/ghz@latest, https://ghz.sh',
    version: '--version',
    // proto/commbench.proto has `optional` fields, which it can't read.
    input: { extension: 'proto', text: () => GRPC_PROTO },
    open: words(open),
    one: words(`${GHZ} -n 1 -c 1 {host}`),
    read: readGhz,
  };
}

function words(line: string): string[] {
  return line.split(' ');
}

/** The summary goes to a file: the terminal's has other words in every version. */
function k6Script(job: Job): string {
  const { kind, ratePerS, seconds } = job.work;
  const scenario =
    kind === 'one'
      ? { executor: 'shared-iterations', vus: 1, iterations: 1 }
      : {
          executor: 'constant-arrival-rate',
          rate: ratePerS,
          timeUnit: '1s',
          duration: `${seconds}s`,
          preAllocatedVUs: 100,
          maxVUs: 1000,
        };
  const options = {
    scenarios: { measured: scenario },
    discardResponseBodies: true,
    summaryTrendStats: ['med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
  };
  return [
    "import http from 'k6/http';",
    `export const options = ${JSON.stringify(options)};`,
    `export default function () { http.get(${JSON.stringify(urlOf(job))}); }`,
    `export function handleSummary(data) { return { ${JSON.stringify(job.outPath)}: JSON.stringify(data.metrics) }; }`,
  ].join('\n');
}

/**
 * A tool of the user's own, by its command with places such as {url} and {rate}. What arrives is measured;
 * what it says only where its last line is the JSON that `readOwn` knows.
 */
export function templateTool(name: string, [program = '', ...open]: readonly string[]): Tool {
  return { name, protocol: 'http', program, get: null, open, read: readOwn };
}
