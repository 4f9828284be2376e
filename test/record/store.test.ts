import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommbenchError } from '../../src/kernel/errors.ts';
import { prepareResultFile, readResult, takeResultFile, writeResult } from '../../src/record/store.ts';
import { completeResult, EMPTY_SERIES } from '../support/result.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);

function codeOf(run: () => unknown): [code: string, message: string] {
  try {
    run();
  } catch (error) {
    if (error instanceof CommbenchError) return [error.code, error.message.replaceAll(folder, '.')];
    throw error;
  }
  return ['none', ''];
}

test('what is written is read, and nothing else is left in the folder', () => {
  const result = completeResult();
  writeResult(at('r.json'), result);
  writeResult(at('r.json'), result);
  expect(readResult(at('r.json'))).toEqual(result);
  expect(readdirSync(folder)).toEqual(['r.json']);
});

test('a write that fails leaves the earlier file whole', () => {
  const earlier = completeResult();
  writeResult(at('r.json'), earlier);
  const unwritable = { ...completeResult(), seed: 1n } as never;
  expect(codeOf(() => writeResult(at('r.json'), unwritable))[0]).toBe('cannot-write');
  expect(readResult(at('r.json'))).toEqual(earlier);
  expect(readdirSync(folder)).toEqual(['r.json']);
});

test('a full disk says that the earlier file is intact', () => {
  // /dev/full refuses every byte, as a full disk does.
  symlinkSync('/dev/full', at(`.r.json.${process.pid}.tmp`));
  expect.assertions(2);
  try {
    writeResult(at('r.json'), completeResult());
  } catch (error) {
    expect(error).toMatchObject({ code: 'disk-full', exitCode: 6 });
    expect((error as CommbenchError).hint).toContain('still holds the trials');
  }
});

describe('a damaged histogram is bad input', () => {
  const other = EMPTY_SERIES.histogram;
  test.each([
    ['no base64', '***'],
    ['cut off', completeResult().trials[0]!.phases[0]!.response.histogram.slice(0, 60)],
    ["another series'", other],
  ])('%s', (_name, histogram) => {
    const result = completeResult();
    result.trials[3]!.phases[0]!.response.histogram = histogram;
    writeResult(at('r.json'), result);
    expect(codeOf(() => readResult(at('r.json')))).toEqual([
      'bad-result-file',
      './r.json is damaged:\n  trials.3.phases.0.response: Expected a histogram of 600 samples, found another',
    ]);
  });
  test('of those that failed, too', () => {
    const result = completeResult();
    const outage = result.trials.at(-1)!.phases[1]!;
    outage.failedAfter.refused!.count++;
    writeResult(at('r.json'), result);
    expect(codeOf(() => readResult(at('r.json')))[1]).toContain('failedAfter.refused: Expected a histogram');
  });
  test('wherever it stands', () => {
    const result = completeResult();
    result.trials[0]!.phases[0]!.firstItem = { ...EMPTY_SERIES, histogram: '***' };
    writeResult(at('r.json'), result);
    expect(codeOf(() => readResult(at('r.json')))[1]).toContain('phases.0.firstItem: Expected a histogram');
  });
});

describe('a file that is no result is told apart', () => {
  test.each([
    ['absent', undefined, 'file not found'],
    ['foreign JSON', '{"a":1}', 'is not a commbench result'],
    ['no JSON', '{"format":"commbench-result",', 'is not a commbench result: invalid JSON'],
    ['newer', '{"format":"commbench-result","version":99}', 'format version 99, expected 2'],
    ['older', '{"format":"commbench-result","version":1}', 'format version 1, expected 2'],
    ['older, of a sweep', '{"format":"commbench-sweep","version":1}', 'format version 1'],
    [
      'of another experiment',
      '{"format":"commbench-result","version":2,"experiment":"sweep"}',
      'is a result of `commbench sweep`, not of a run',
    ],
    ['damaged', '{"format":"commbench-result","version":2,"experiment":"run"}', 'is damaged:\n  commbench:'],
  ])('%s', (_name, text, message) => {
    if (text !== undefined) writeFileSync(at('r.json'), text);
    const [code, found] = codeOf(() => readResult(at('r.json')));
    expect(code).toBe('bad-result-file');
    expect(found).toContain(message);
  });
  test('an older one says what to do', () => {
    writeFileSync(at('r.json'), '{"format":"commbench-result","version":1}');
    expect(() => readResult(at('r.json'))).toThrow(
      expect.objectContaining({ hint: 'commbench now writes version 2: run the scenario again.' }),
    );
  });
  test('a folder', () => {
    expect(codeOf(() => readResult(folder))[0]).toBe('bad-result-file');
  });
});

describe('the place is tried before anything is started', () => {
  test('missing folders are made', () => {
    prepareResultFile(at('a/b/r.json'));
    expect(readdirSync(at('a/b'))).toEqual([]);
  });
  test('an earlier result may be replaced, other files not', () => {
    writeResult(at('r.json'), completeResult());
    prepareResultFile(at('r.json'));
    writeFileSync(at('notes.txt'), 'mine');
    expect(codeOf(() => prepareResultFile(at('notes.txt')))[0]).toBe('bad-option');
    expect(readFileSync(at('notes.txt'), 'utf8')).toBe('mine');
  });
  test('a folder of that name, or a file in the way, is refused', () => {
    mkdirSync(at('dir'));
    expect(codeOf(() => prepareResultFile(at('dir')))[0]).toBe('bad-option');
    writeFileSync(at('file'), '');
    expect(codeOf(() => prepareResultFile(at('file/r.json')))).toEqual([
      'cannot-write',
      './file/r.json cannot be written: a part of its path is not a folder',
    ]);
  });
  test('so is a place that no folder can be made in, which recursive mkdir would try for ever', () => {
    expect(codeOf(() => prepareResultFile('/proc/nowhere/r.json'))[0]).toBe('cannot-write');
  });
});

test('two runs that begin in one second have files of their own; a name that was not used is given back', () => {
  {
    using first = takeResultFile(at('results'), 'rest-1');
    using second = takeResultFile(at('results'), 'rest-1');
    expect([first.file, second.file]).toEqual([at('results/rest-1.json'), at('results/rest-1-2.json')]);
    prepareResultFile(second.file);
    writeResult(second.file, completeResult());
  }
  expect(readdirSync(at('results'))).toEqual(['rest-1-2.json']);
});
