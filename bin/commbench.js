#!/usr/bin/env node
// Plain JavaScript for any Node from 18 on: in a checkout this runs before anything is installed.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { requireFiles } from './file-limit.js';
import { reportProblem } from './problem.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCheckout = existsSync(new URL('../src/cli.ts', import.meta.url));

try {
  requireFiles();
  if (isCheckout) {
    const args = process.argv.slice(2);
    const { helpHere } = await import('./help-here.js');
    if (!(await helpHere(root, args))) {
      const { startCheckout } = await import('./checkout.js');
      await startCheckout(root, args);
    }
  } else {
    const { startPublished } = await import('./published.js');
    await startPublished(root);
  }
} catch (error) {
  reportProblem(error);
}
