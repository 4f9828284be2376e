import { type ChildProcess, spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { freePorts } from '../../src/platform/net/ports.ts';
import type { Result } from '../../src/record/record.ts';
import { writeResult } from '../../src/record/store.ts';
import { abRecordOf, armResults } from '../support/records/arms.ts';
import { CI_SITUATIONS, ciTable, writeSituation } from '../support/records/ci-situations.ts';
import { CLI, ENVIRONMENT } from '../support/cli.ts';

/** The steps of action.yml, run as GitHub would: the same scripts, with the same variables. */
const ROOT = path.resolve(import.meta.dirname, '../..');
const COMMAND = `${process.execPath} ${CLI}`;

let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8');
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-ci-'));
});
afterEach(() => {
  for (const { pid } of running) process.kill(-pid!, 'SIGKILL');
  running.clear();
  rmSync(folder, { recursive: true });
});

/** Scripts that have not ended, each with a group of its own: a test that gives up leaves none. */
const running = new Set<ChildProcess>();

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function runScript(name: string, env: Record<string, string>): Promise<Ended> {
  const child = spawn(path.join(ROOT, 'bin', name), [], {
    cwd: folder,
    env: { ...ENVIRONMENT, TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.add(child);
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => (text[stream] += chunk));
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  running.delete(child);
  return { code, ...text };
}

/** As on GitHub, where a step's summary and outputs are files that it appends to. */
const GITHUB = () => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_OUTPUT: at('output'),
  GITHUB_STEP_SUMMARY: at('summary.md'),
});
const compare = (env: Record<string, string>) =>
  runScript('ci-compare.sh', { ...GITHUB(), COMMBENCH_COMMAND: COMMAND, ...env });

interface Arms {
  readonly a: Result;
  readonly b: Result;
}

function writeResults(arms: Arms): Record<string, string> {
  writeResult(at('ab.json'), abRecordOf(arms));
  return { COMMBENCH_RESULTS: 'ab.json\n' };
}

/** As of two runs, whose differences nobody asked for. */
function writeApart({ a, b }: Arms): Record<string, string> {
  writeResult(at('a.json'), { ...a, interleave: undefined });
  writeResult(at('b.json'), { ...b, interleave: undefined });
  return { COMMBENCH_RESULTS: 'a.json\nb.json\n' };
}

// Each starts four programs or eight, on whatever else the machine is at.
describe('bin/ci-compare.sh', { timeout: 120_000 }, () => {
  test('a regression fails with its code; summary, outputs, annotation and all reports are there', async () => {
    const { code, stdout } = await compare(writeResults(armResults({ pairs: 10, factor: 1.3 })));
    expect(code).toBe(10);
    expect(read('output')).toBe('verdict=regressed\nreport=commbench-comparison/comparison.md\n');
    expect(read('summary.md')).toBe(read('commbench-comparison', 'comparison.md'));
    expect(read('summary.md')).toMatch(/^## arm b against arm a\n\n\*\*Regressed: REST response p50 /);
    expect(read('commbench-comparison', 'comparison.xml')).toContain('<failure message="REST response p50 ');
    expect(JSON.parse(read('commbench-comparison', 'comparison.json'))).toMatchObject({
      findings: [
        { code: 'comparison-verdict', verdict: 'regressed' },
        {},
        { code: 'validity', verdict: 'valid' },
      ],
    });
    expect(stdout).toMatch(/^::error title=commbench::Regressed: REST response p50 .*beyond ±5 %25\.$/m);
  });

  test('what nobody can tell passes with a notice, unless it is to fail', async () => {
    const given = writeResults(armResults({ pairs: 1 }));
    const passed = await compare(given);
    expect(passed.code).toBe(0);
    expect(passed.stdout).toMatch(/^::notice title=commbench::Inconclusive: /m);
    const strict = await compare({ ...given, COMMBENCH_FAIL_ON: 'regressed, inconclusive' });
    expect(strict.code).toBe(11);
    expect(strict.stdout).toMatch(/^::error title=commbench::Inconclusive: /m);
  });

  test('a pattern that regressed fails beside one that cannot be compared', async () => {
    const made = CI_SITUATIONS['a pattern regressed, another is not comparable']!();
    const files = writeSituation(made, (file, result) => writeResult(at(file), result));
    const given = { COMMBENCH_RESULTS: files.join('\n') };
    const { code, stdout } = await compare(given);
    expect(read('output')).toMatch(/^verdict=not-comparable$/m);
    expect(stdout).toMatch(/^::error title=commbench::Not comparable: /m);
    expect(code).toBe(10);
    expect((await compare({ ...given, COMMBENCH_FAIL_ON: 'inconclusive' })).code).toBe(0);
  });

  test.each(ciTable())('$situation: $gate $level', async ({ situation, gate, level }) => {
    const made = CI_SITUATIONS[situation]!();
    const files = writeSituation(made, (file, result) => writeResult(at(file), result));
    const env = { COMMBENCH_RESULTS: files.join('\n'), COMMBENCH_OPTIONS: made.options.join('\n') };
    const { code, stdout } = await compare(env);
    expect(code).toBe(gate);
    if (level !== undefined) expect(stdout).toMatch(new RegExp(`^::${level} title=commbench::`, 'm'));
  });

  test('a verdict that is misspelt, which would never fail, is bad input', async () => {
    const { code, stdout, stderr } = await compare({ COMMBENCH_FAIL_ON: 'regressed, inconclusve' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('found inconclusve');
  });

  test('margin and options reach the command, in a shell that is not on GitHub too', async () => {
    const { a, b } = armResults({ pairs: 16, factor: 2.5 });
    const given = writeApart({ a, b: { ...b, environment: { ...b.environment, node: '24.6.0' } } });
    const plain = { COMMBENCH_COMMAND: COMMAND, ...given, COMMBENCH_OUT: 'out' };
    const blocked = await runScript('ci-compare.sh', plain);
    expect(blocked.code).toBe(0);
    expect(blocked.stdout).toMatch(/^Not comparable: /m);
    expect(existsSync(at('output'))).toBe(false);
    const options = {
      COMMBENCH_OPTIONS: '--declare\nmachine.node\n--declare=node\n',
      COMMBENCH_MARGIN: '20%',
    };
    const declared = await runScript('ci-compare.sh', { ...plain, ...options });
    expect(declared).toMatchObject({ code: 10, stderr: '' });
    expect(JSON.parse(read('out', 'comparison.json'))).toHaveProperty(
      'findings.0',
      expect.objectContaining({
        verdict: 'regressed',
        figures: [{ name: 'margin', value: 0.2, unit: 'share' }],
      }),
    );
  });

  test('what cannot be read is bad input, and reports nothing', async () => {
    writeFileSync(at('a.json'), '{}');
    const { code, stderr } = await compare({ COMMBENCH_RESULTS: 'a.json\nb.json' });
    expect(code).toBe(2);
    expect(stderr).toContain('a.json is not a commbench result');
    expect(existsSync(at('output'))).toBe(false);
  });

  test('base and head of a server, each started by its command', async () => {
    const [port] = (await freePorts(1)) as [number];
    const server = `import { createServer } from 'node:http';
createServer((_, response) => setTimeout(() => response.end('{}'), 5)).listen(${port}, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
`;
    writeFileSync(at('server.mjs'), server);
    writeFileSync(
      at('scenario.yaml'),
      `name: service
title: A service
patterns:
  - { id: orders, title: Orders, transport: rest, interaction: request-reply }
targets:
  orders: { url: "http://127.0.0.1:${port}/orders" }
durationMs: 500
warmUp: { calls: 100, probeMs: 0 }
`,
    );
    const arm = `command=${process.execPath} server.mjs\n`;
    const { code, stdout, stderr } = await compare({
      COMMBENCH_SCENARIO: 'scenario.yaml',
      COMMBENCH_BASE: arm,
      COMMBENCH_HEAD: arm,
      COMMBENCH_OPTIONS: '--pairs=2\n--seed=1',
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^::notice title=commbench::Inconclusive: Orders/m);
    expect(read('output')).toMatch(/^verdict=inconclusive$/m);
    for (const file of ['result.json', 'comparison.md', 'comparison.xml']) {
      expect(existsSync(at('commbench-comparison', file)), file).toBe(true);
    }
    // A head that does not start is in no pair, and passes for nothing.
    const broken = await compare({
      COMMBENCH_SCENARIO: 'scenario.yaml',
      COMMBENCH_BASE: arm,
      COMMBENCH_HEAD: `command=${process.execPath} gone.mjs\n`,
      COMMBENCH_OPTIONS: '--pairs=1\n--seed=1',
    });
    expect(broken.code, broken.stderr).toBe(3);
    expect(broken.stdout).toMatch(/^::error title=commbench::Inconclusive: Orders/m);
  });
});

describe('bin/ci-comment.sh, with a program in the place of gh that keeps what it is asked', () => {
  /** @param earlier comments with the marker: ids and authors; @param user who the token is, where it may ask */
  async function comment(earlier: string, user = ''): Promise<string[]> {
    writeFileSync(at('report.md'), '## Report\n');
    const gh = `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"${at('asked')}"
if [[ $* == 'api user --jq .login' ]]; then [[ -n '${user}' ]] && echo '${user}'; exit; fi
for word; do [[ $word == body=@* ]] && cp "\${word#body=@}" "${at('posted.md')}"; done
[[ $* == *--paginate* ]] && printf '${earlier}'
exit 0
`;
    writeFileSync(at('gh'), gh);
    chmodSync(at('gh'), 0o755);
    const ended = await runScript('ci-comment.sh', {
      PATH: `${folder}:${process.env['PATH']}`,
      COMMBENCH_REPORT: 'report.md',
      COMMBENCH_PULL_REQUEST: '7',
      GITHUB_REPOSITORY: 'shop/orders',
    });
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(read('posted.md')).toBe('<!-- commbench comparison: report.md -->\n\n## Report\n');
    const [asksWho, ...rest] = read('asked').trimEnd().split('\n');
    expect(asksWho).toBe('api user --jq .login');
    return rest;
  }

  test('the first one is posted', async () => {
    const [look, post] = await comment('');
    expect(look).toContain('api --paginate repos/shop/orders/issues/7/comments --jq');
    // Another scenario's report is not its earlier one.
    expect(look).toContain('select(.body | startswith(env.MARKER))');
    expect(post).toMatch(/^api --method POST repos\/shop\/orders\/issues\/7\/comments -F body=@/);
  });
  test('a later one replaces it', async () => {
    const [, post] = await comment('41 github-actions[bot]\\n42 github-actions[bot]\\n');
    expect(post).toMatch(/^api --method PATCH repos\/shop\/orders\/issues\/comments\/41 -F body=@/);
  });
  test('a comment of somebody else with the same marker stays as it is', async () => {
    const [, post] = await comment('39 mallory\\n40 github-actions\\n');
    expect(post).toMatch(/^api --method POST /);
  });
  test("a token of a person replaces that person's own", async () => {
    const [, post] = await comment('39 github-actions[bot]\\n40 octocat\\n', 'octocat');
    expect(post).toMatch(/^api --method PATCH repos\/shop\/orders\/issues\/comments\/40 /);
  });
});

interface Step {
  readonly run?: string;
  readonly env?: Record<string, string>;
}

test('action.yml gives the scripts what they read, and no input is without use', () => {
  const text = readFileSync(path.join(ROOT, 'action.yml'), 'utf8');
  const action = parse(text) as { inputs: Record<string, unknown>; runs: { steps: Step[] } };
  const steps = action.runs.steps.filter(({ run }) => run !== undefined);
  expect(steps.map(({ run }) => run)).toEqual([
    '"$GITHUB_ACTION_PATH/bin/ci-compare.sh"',
    '"$GITHUB_ACTION_PATH/bin/ci-comment.sh"',
  ]);
  for (const { run, env = {} } of steps) {
    const file = path.join(ROOT, /bin\/[a-z-]+\.sh/.exec(run!)![0]);
    accessSync(file, constants.X_OK);
    const [, head] = /^#!.*\n((?:#.*\n)*)/.exec(readFileSync(file, 'utf8'))!;
    const told = [...head!.matchAll(/^# {3}(COMMBENCH_[A-Z_]+)/gm)].map(([, name]) => name!);
    const given = Object.keys(env).filter((name) => name.startsWith('COMMBENCH_'));
    expect(given.toSorted()).toEqual(told.filter((name) => name !== 'COMMBENCH_COMMAND').toSorted());
  }
  const used = [...text.matchAll(/\binputs\.([a-z-]+)/g)].map(([, name]) => name!);
  expect([...new Set(used)].toSorted()).toEqual(Object.keys(action.inputs).toSorted());
});
