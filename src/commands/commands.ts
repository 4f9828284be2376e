import { definition as ab } from '../experiments/ab/index.ts';
import { definition as calibrate } from '../experiments/calibrate/index.ts';
import { definition as crossover } from '../experiments/crossover/index.ts';
import { definition as run } from '../experiments/run/index.ts';
import { definition as selftest } from '../experiments/selftest/index.ts';
import { definition as sweep } from '../experiments/sweep/index.ts';
import type { CommandDefinition } from './terminal/command-definition.ts';

/** Every command, in the order in which they are shown. */
export const COMMANDS: readonly CommandDefinition[] = [
  run,
  ab,
  {
    usage: 'compare <baseline> [candidate]',
    summary: 'judge a candidate against a baseline: improved, equivalent, regressed, or nobody can say',
    load: async () => (await import('./compare.ts')).compareCommand,
  },
  crossover,
  sweep,
  calibrate,
  {
    usage: 'list [what]',
    summary: 'show the scenarios, transports, contracts, faults, policies and formats that there are',
    load: async () => (await import('./list.ts')).listCommand,
  },
  {
    usage: 'report <file>',
    summary: 'print the report of an earlier run again, in any format',
    load: async () => (await import('./report.ts')).reportCommand,
  },
  {
    usage: 'claims [files...]',
    summary: 'judge what the guides say by results: supported, contradicted, or nothing can be told',
    load: async () => (await import('./claims.ts')).claimsCommand,
  },
  {
    usage: 'replay <file>',
    summary: 'run the plan of an earlier result again: same scenario, seed and order; a new result file',
    load: async () => (await import('../experiments/run/replay-command.ts')).replayCommand,
  },
  selftest,
  {
    usage: 'init [file]',
    summary: 'write a scenario file to start from: every field, its default and what it means',
    load: async () => (await import('./init.ts')).initCommand,
  },
  {
    usage: 'schema',
    summary: 'print the JSON schema of scenario files, for editors',
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
  {
    usage: 'doctor',
    summary: 'what this machine has, what a run would use, and how to get what is missing',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  {
    usage: 'up [broker...]',
    summary: 'start brokers and keep them between runs, until `down` or until nobody used them for a while',
    load: async () => (await import('./up.ts')).upCommand,
  },
  {
    usage: 'down [broker...]',
    summary: 'end the brokers that `up` keeps',
    load: async () => (await import('./down.ts')).downCommand,
  },
  {
    usage: 'status',
    summary: 'which brokers `up` keeps, since when, who uses them and when they end',
    load: async () => (await import('./status.ts')).statusCommand,
  },
];
