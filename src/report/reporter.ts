import type { Report } from './report.ts';

/** The surface on which a report is shown, and the requested extent. */
export interface Surface {
  /** Columns of the terminal. */
  readonly width: number;
  /** Lines of the terminal; of a file or a pipe, those of a usual one. */
  readonly height: number;
  readonly color: boolean;
  /** How the program was called, as further commands begin: `commbench`, `npx commbench`. */
  readonly program: string;
  /** The whole report, not what fits on one screen. */
  readonly full: boolean;
  /** How each verdict was reached, too. */
  readonly explain: boolean;
  /** Files behind the report, for a format that carries them along; absent: none. */
  readonly carried?: readonly CarriedFile[];
}

/** A file as it is, with the name under which it can be saved. */
export interface CarriedFile {
  readonly name: string;
  readonly text: string;
}

/** A format: a pure function of the report to the text that is printed. */
export type Reporter = (report: Report, surface: Surface) => string;

/** A file of a format that has several. */
export interface NamedFile {
  /** Without a folder. */
  readonly name: string;
  readonly text: string;
}

/** What a format writes where a folder is asked for. */
type FilesReporter = (report: Report, surface: Surface) => readonly NamedFile[];

/** A format that is more than a reporter. */
export interface ReportFormat {
  readonly reporter: Reporter;
  /** Absent: it is one text. */
  readonly files?: FilesReporter;
  /** For HTTP; absent: plain text. */
  readonly contentType?: string;
}
