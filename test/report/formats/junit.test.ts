import fc from 'fast-check';
import { expect, test } from 'vitest';
import { junit } from '../../../src/report/formats/junit.ts';
import { comparisonView } from '../../../src/report/comparison/comparison-view.ts';
import type { Check } from '../../../src/report/view.ts';
import { COMPARISONS } from '../../support/compared.ts';

const SURFACE = { width: 120, height: 40, color: false, program: 'commbench', full: true, explain: false };
const BASE = comparisonView(COMPARISONS.equivalent);
const junitOf = (checks: readonly Check[]) => junit({ ...BASE, meta: { ...BASE.meta, checks } }, SURFACE);

/** What XML takes for its own, what it has no room for, half of a character, and anything else. */
const character = fc.oneof(
  fc.constantFrom(...'<>&"\'/;\n\t\r', '\0', '\u000B', '\uD800', '\uDC00', '\uFFFE'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const text = fc.string({ unit: character });
const checkOf: fc.Arbitrary<Check> = fc.record({
  suite: text,
  name: text,
  state: fc.constantFrom('passed', 'failed', 'skipped', 'error'),
  verdict: text,
  text,
});

/** Of XML 1.0: characters, tags that are closed, and attributes in quotes without < or a bare &. */
const TAG = /<(?:\?xml [^?]*\?|\/[a-z-]+|[a-z-]+(?: [a-z]+="(?:[^"<&]|&(?:amp|lt|gt|quot|#\d+);)*")* ?\/?)>/g;
const ILLEGAL = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

test('whatever a name or a message holds, it is well-formed', () => {
  fc.assert(
    fc.property(fc.array(checkOf, { maxLength: 5 }), (checks) => {
      const xml = junitOf(checks);
      expect(xml).not.toMatch(ILLEGAL);
      const open: string[] = [];
      for (const [tag] of xml.matchAll(TAG)) {
        const [, name] = /^<\/?([a-z-]+)/.exec(tag) ?? [];
        if (name === undefined || tag.endsWith('/>')) continue;
        if (tag.startsWith('</')) expect(open.pop()).toBe(name);
        else open.push(name);
      }
      expect(open).toEqual([]);
      // What is left between the tags holds no tag, and no reference that is none.
      expect(xml.replaceAll(TAG, '')).not.toMatch(/<|&(?!(?:amp|lt|gt|quot|#\d+);)/);
    }),
  );
});

test('counts are those of the cases, in all and in each suite', () => {
  fc.assert(
    fc.property(fc.array(checkOf, { maxLength: 8 }), (checks) => {
      const xml = junitOf(checks);
      const sumOf = (element: string, name: string) =>
        [...xml.matchAll(new RegExp(`<${element} [^>]* ${name}="(\\d+)"`, 'g'))].reduce(
          (n, [, of]) => n + Number(of),
          0,
        );
      for (const [name, state] of [
        ['failures', 'failed'],
        ['errors', 'error'],
        ['skipped', 'skipped'],
      ] as const) {
        const count = checks.filter((check) => check.state === state).length;
        expect([sumOf('testsuites', name), sumOf('testsuite', name)]).toEqual([count, count]);
      }
      expect([...xml.matchAll(/<testcase /g)]).toHaveLength(checks.length);
    }),
  );
});

test('regressed is a failure, inconclusive is skipped, what cannot be compared is an error', () => {
  const xml = Object.fromEntries(
    Object.entries(COMPARISONS).map(([name, one]) => [name, junit(comparisonView(one), SURFACE)]),
  );
  expect(xml['regressed']).toMatch(
    /name="response p50">\n +<failure message="REST response p50 1\.21× [^"]*" type="regressed"\/>/,
  );
  expect(xml['regressed']).toMatch(
    /name="lost">\n +<failure message="Message queue lost 3 of 6,000 [^"]*" type="broken"\/>/,
  );
  expect(xml['inconclusive']).toMatch(/tests="7" failures="0" errors="0" skipped="3"/);
  expect(xml['not-comparable']).toMatch(/failures="0" errors="1"/);
  for (const name of ['improved', 'equivalent'] as const)
    expect(xml[name]).toMatch(/failures="0" errors="0" skipped="0"/);
});
