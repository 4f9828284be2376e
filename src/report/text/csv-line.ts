/** A spreadsheet takes a text that begins so for a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
/** Figures of ours, with a unit and an interval: `-12.5`, `+5.7 points [+4.9 to +6.6]`. */
const FIGURE = /^[+-]?[\d.,]+(e[+-]?\d+)?( [a-zµ%]+)?( \[[+\-−\d., to–]+\])?$/;

/** Quoted after RFC 4180, and ended as Unix tools expect. */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(quoted).join(',')}\n`;
}

function quoted(field: string): string {
  const text = FORMULA.test(field) && !FIGURE.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
