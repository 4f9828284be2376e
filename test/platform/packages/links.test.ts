import { mkdirSync, readFileSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pointLinksInside } from '../../../src/platform/packages/links.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('absolute links point to what was unpacked with them, wherever the folder is moved', async () => {
  using root = temporaryFolder();
  const at = (...names: string[]) => path.join(root.path, 'before', ...names);
  mkdirSync(at('usr/lib/jvm'), { recursive: true });
  mkdirSync(at('etc/java'), { recursive: true });
  writeFileSync(at('etc/java/security'), 'settings');
  symlinkSync('/etc/java/security', at('usr/lib/jvm/security'));
  symlinkSync('/etc/java', at('usr/lib/jvm/conf'));
  symlinkSync('/etc/elsewhere', at('usr/lib/jvm/foreign'));
  symlinkSync('security', at('usr/lib/jvm/beside'));
  await pointLinksInside(at());
  renameSync(at(), path.join(root.path, 'after'));

  const jvm = path.join(root.path, 'after/usr/lib/jvm');
  expect(readFileSync(path.join(jvm, 'security'), 'utf8')).toBe('settings');
  expect(readFileSync(path.join(jvm, 'conf/security'), 'utf8')).toBe('settings');
  expect(readlinkSync(path.join(jvm, 'foreign'))).toBe('/etc/elsewhere');
  expect(readlinkSync(path.join(jvm, 'beside'))).toBe('security');
});
