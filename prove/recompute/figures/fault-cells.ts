import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell } from '../rule.ts';
import { cell } from './cells.ts';
import { type Beside, correctShare, type Requests } from './requests.ts';

/** Of the due requests, and below it the same of the control. */
export function correctCell({ here, control }: Beside): OwnCell {
  if (here.planned === 0) return NOTHING;
  const usual = control.planned === 0 ? 'no control' : `vs ${write.share(correctShare(control))}`;
  return cell(write.share(correctShare(here)), usual);
}

/** Of the correct answers. */
export function degradedCell({ degraded, correct }: Requests): OwnCell {
  return degraded === 0 ? NOTHING : cell(write.share(degraded / correct));
}
