import type { Chart } from '../charts/chart.ts';

/** `    ├──────┤├───┤`: when which fault was on, below bars of as many characters; named where the name fits. */
export function spanAxis({ x, spans }: Chart, width: number): string {
  const line = Array.from({ length: width }, () => ' ');
  const cellAt = (at: number) => Math.round(((at - x.from) / Math.max(1, x.to - x.from)) * width);
  for (const { title, from, to } of spans) {
    const [first, end] = [Math.min(width - 1, cellAt(from)), Math.max(cellAt(from) + 1, cellAt(to))];
    const inner = Math.max(0, end - first - 2);
    const name = title.length <= inner ? title : '';
    const left = Math.floor((inner - name.length) / 2);
    const text = end - first === 1 ? '├' : `├${('─'.repeat(left) + name).padEnd(inner, '─')}┤`;
    line.splice(first, end - first, ...text);
  }
  return line.join('').slice(0, width);
}
