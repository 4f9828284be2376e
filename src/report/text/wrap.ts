/** Spaces at which a line may be broken: not between a figure and its unit. */
const BREAKS = / (?!(?<=\d )(?:%|(?:s|ms|µs|min|B|kB|MB|GB|GiB)(?![\wµ])))/u;

/** Breaks a line at spaces so that it fits; what follows the first line is indented. A longer word stays whole. */
export function wrapped(text: string, width: number, indent: string): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width, indent))
    .join('\n');
}

function wrapLine(line: string, width: number, indent: string): string {
  const lead = /^ */.exec(line)![0];
  const out: string[] = [];
  let current = '';
  for (const word of line.slice(lead.length).split(BREAKS)) {
    const start = out.length === 0 ? lead : indent;
    const next = current === '' ? start + word : `${current} ${word}`;
    if (current !== '' && next.length > width) {
      out.push(current);
      current = indent + word;
    } else current = next;
  }
  return [...out, current].join('\n');
}
