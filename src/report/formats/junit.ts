import { CommbenchError } from '../../kernel/errors.ts';
import type { Reporter } from '../reporter.ts';
import type { Check } from '../view.ts';

/**
 * For CI servers: a test suite per pattern, a test case per check, after the schema of Apache Ant's JUnit task
 * (https://github.com/windyroad/JUnit-Schema) as Jenkins and GitLab take it. What nobody can say is skipped.
 */
export const junit: Reporter = ({ meta }) => {
  if (!meta.checks) throw nothingToCheck();
  const { checks } = meta;
  const suites = Map.groupBy(checks, ({ suite }) => suite);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: meta.title, ...countsOf(checks) })}>`,
    ...[...suites].flatMap(([name, own]) => [
      `  <testsuite ${attributes({ name, ...countsOf(own) })}>`,
      ...own.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
};

function nothingToCheck(): CommbenchError {
  return new CommbenchError(
    'bad-option',
    '--format junit cannot be used: nothing in this report passes or fails',
    {
      hint: 'Use --format json.',
    },
  );
}

function countsOf(checks: readonly Check[]): Record<string, string> {
  const count = (state: Check['state']) => String(checks.filter((check) => check.state === state).length);
  return {
    tests: String(checks.length),
    failures: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

const ELEMENT = { failed: 'failure', error: 'error', skipped: 'skipped' } as const;

function caseLines({ suite, name, state, verdict, text }: Check): string[] {
  const outcome =
    state === 'passed'
      ? `<system-out>${escaped(text)}</system-out>`
      : // A skipped case has no type in the schema.
        `<${ELEMENT[state]} ${attributes({ message: text, ...(state === 'skipped' ? {} : { type: verdict }) })}/>`;
  return [`    <testcase ${attributes({ classname: suite, name })}>`, `      ${outcome}`, '    </testcase>'];
}

function attributes(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(' ');
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** All that XML 1.0 does not take for text, as a reference; what it has no room for at all, as U+FFFD. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\t\n\r]/g, (character) => REFERENCES[character] ?? `&#${character.charCodeAt(0)};`);
}
