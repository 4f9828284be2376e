import { experimentNames, loadExperiment } from '../experiments/discover.ts';
import type { CommandDefinition } from './terminal/command-definition.ts';

/** Commands that measure nothing; those that do are found with their experiments. */
const OTHERS: readonly CommandDefinition[] = [
  {
    usage: 'compare <baseline> [candidate]',
    summary: 'compare a candidate with a baseline: improved, equivalent, regressed, or inconclusive',
    rank: 3,
    load: async () => (await import('./compare.ts')).compareCommand,
  },
  {
    usage: 'list [what]',
    summary: 'show scenarios, transports, contracts, faults, policies and formats',
    rank: 7,
    load: async () => (await import('./list.ts')).listCommand,
  },
  {
    usage: 'report <files...>',
    summary: 'print the report of an earlier run again, in any format, or open it as a page',
    rank: 8,
    load: async () => (await import('./report.ts')).reportCommand,
  },
  {
    usage: 'results [command]',
    summary: 'list stored results, show what one is of, how figures change over time, delete old ones',
    rank: 8.5,
    load: async () => (await import('./results/command.ts')).resultsCommand,
  },
  {
    usage: 'claims [files...]',
    summary: 'assess claims of the guides by results: supported, contradicted, or inconclusive',
    rank: 9,
    load: async () => (await import('./claims.ts')).claimsCommand,
  },
  {
    usage: 'init [file]',
    summary: 'write a scenario file to start from: every field with its default and meaning',
    rank: 12,
    load: async () => (await import('./init.ts')).initCommand,
  },
  {
    usage: 'schema [of]',
    summary: 'print the JSON schema of scenario files (for editors) or of --format json (for programs)',
    rank: 13,
    load: async () => (await import('./schema.ts')).schemaCommand,
  },
  {
    usage: 'doctor',
    summary: 'check this machine: what a run would use, and how to get what is missing',
    rank: 14,
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  {
    usage: 'up [broker...]',
    summary: 'start persistent brokers, which live until `down` or until unused for a while',
    rank: 15,
    load: async () => (await import('./up.ts')).upCommand,
  },
  {
    usage: 'down [broker...]',
    summary: 'stop persistent brokers',
    rank: 16,
    load: async () => (await import('./down.ts')).downCommand,
  },
  {
    usage: 'status',
    summary: 'show persistent brokers: uptime, users and when they end',
    rank: 17,
    load: async () => (await import('./status.ts')).statusCommand,
  },
  {
    usage: 'completion <shell>',
    summary: 'print a script that completes commands and options in bash, zsh or fish',
    rank: 18,
    needsAll: true,
    load: async () => (await import('./completion/command.ts')).completionCommand,
  },
];

/** Every command, in the order in which they are shown. */
export async function allCommands(): Promise<CommandDefinition[]> {
  const experiments = await Promise.all(experimentNames().map(loadExperiment));
  const all = [...OTHERS, ...experiments.flatMap(({ commands }) => commands)];
  return all.toSorted((a, b) => a.rank - b.rank);
}
