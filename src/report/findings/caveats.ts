/** Why a figure is unknown or doubtful. */
const WHY: Readonly<Record<string, string>> = {
  'not-run': 'not run',
  failed: 'trial failed',
  'no-trial': 'no trial finished',
  'noisy-host': 'noisy host',
  'late-generator': 'load generator late',
  incomplete: 'trial incomplete',
  'not-valid': 'trial not valid',
  'too-few-calls': 'too few calls',
  'too-few-rounds': 'too few rounds',
  'not-ranked': 'not ranked',
  'no-effect-log': 'completion unknown',
  saturated: 'saturated',
  failing: 'failing',
  drifting: 'drifting',
  target: 'an own target is never taken down',
  'unhealthy-control': 'control not healthy either',
  'no-control': 'no control trial',
  'load-shed': 'after load was shed',
};

export function caveatWords(code: string): string {
  return WHY[code] ?? code;
}
