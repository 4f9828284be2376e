/** Exit codes (DESIGN 7). One table: an error's code decides how the process ends. */
export const EXIT = {
  done: 0,
  defect: 1,
  badInput: 2,
  incomplete: 3,
  notValid: 4,
  thresholdMissed: 5,
  environment: 6,
  regressed: 10,
  inconclusive: 11,
  notComparable: 12,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const EXIT_OF = {
  'bad-option': EXIT.badInput,
  'bad-scenario': EXIT.badInput,
  'bad-result-file': EXIT.badInput,
  'remote-target': EXIT.badInput,
  'no-broker': EXIT.environment,
  'broker-unreachable': EXIT.environment,
  'port-taken': EXIT.environment,
  'disk-full': EXIT.environment,
  'cannot-write': EXIT.environment,
  'wrong-node': EXIT.environment,
  'limit-too-low': EXIT.environment,
  'download-failed': EXIT.environment,
  'child-failed': EXIT.incomplete,
  'reaper-lost': EXIT.incomplete,
  interrupted: EXIT.interrupted,
  terminated: EXIT.terminated,
  defect: EXIT.defect,
} as const satisfies Record<string, ExitCode>;
export type ErrorCode = keyof typeof EXIT_OF;

/**
 * The one error class for users: expected and found (`message`), the remedy (`hint`), and a code that decides the exit
 * code. Any other error that reaches `cli.ts` is a defect.
 */
export class CommbenchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CommbenchError';
    this.code = code;
    this.hint = options.hint;
  }

  get exitCode(): ExitCode {
    return EXIT_OF[this.code];
  }
}

const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EROFS: 'the file system is read-only',
};

/** The system's error code (`ECONNREFUSED`, ...) of a thrown value of unknown type. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** A full disk, a quota, or a limit on the size of files (`ulimit -f`). */
const NO_SPACE: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

export function isNoSpace(code: string | undefined): boolean {
  return code !== undefined && NO_SPACE.includes(code);
}

/** Message of a failed attempt to read a file. */
export function unreadableText(file: string, error: unknown): string {
  const isMissing = systemCode(error) === 'ENOENT';
  return isMissing ? `${file}: file not found` : `${file} cannot be read: ${fileProblem(error)}`;
}

/** Message of a failed attempt to write a file. */
export function unwritableText(file: string, error: unknown): string {
  return `${file} cannot be written: ${fileProblem(error)}`;
}

function fileProblem(error: unknown): string {
  const code = systemCode(error);
  return code === undefined ? String(error) : (FILE_PROBLEMS[code] ?? code);
}
