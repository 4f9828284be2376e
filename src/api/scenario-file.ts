import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A scenario as a file, as problems name its place. */
export interface ScenarioFile extends Disposable {
  readonly path: string;
}

/** @param scenario a name, a file, or the value of one; JSON is YAML */
export function scenarioFile(scenario: string | object): ScenarioFile {
  if (typeof scenario === 'string') return { path: scenario, [Symbol.dispose]: () => undefined };
  const folder = mkdtempSync(path.join(tmpdir(), 'commbench-scenario-'));
  const file = path.join(folder, 'scenario.yaml');
  writeFileSync(file, JSON.stringify(scenario, null, 1));
  return { path: file, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}
