import type { View } from '../view.ts';

export interface Surface {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
  /** How each verdict was reached, too. */
  readonly explain: boolean;
}

/** A format: a pure function of the view (or of the record itself) to the text of the whole report. */
export type Reporter = (view: View, record: object, surface: Surface) => string;
