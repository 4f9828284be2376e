/**
 * What a page does besides: it hides curves, moves one cursor over all charts of the same time, and unpacks the record.
 * Everything is there without it.
 */
export const PAGE_SCRIPT = `
'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const svgNs = 'http://www.w3.org/2000/svg';
  const make = (name, attributes) => {
    const element = document.createElementNS(svgNs, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  };
  for (const figure of all('figure')) {
    const curves = all('svg .curve', figure);
    const names = [...new Set(all('svg [data-series]', figure).map((one) => one.dataset.series))];
    if (curves.length === 0 || names.length < 2) continue;
    const bar = document.createElement('div');
    bar.className = 'toggles';
    for (const name of names) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.setAttribute('aria-pressed', 'true');
      button.addEventListener('click', () => {
        const isOn = button.getAttribute('aria-pressed') !== 'true';
        button.setAttribute('aria-pressed', String(isOn));
        for (const one of all('svg [data-series]', figure)) {
          if (one.dataset.series === name) one.classList.toggle('off', !isOn);
        }
      });
      bar.append(button);
    }
    figure.querySelector('figcaption').after(bar);
  }
  const timed = all('svg[data-units^="ns "]').filter((svg) => svg.querySelector('.bars')).map((svg) => {
    const [, from, to, left, right] = svg.dataset.x.split(' ').map(Number);
    const line = make('path', { class: 'cursor', visibility: 'hidden' });
    const text = make('text', { class: 'ink', visibility: 'hidden', 'text-anchor': 'middle', 'font-size': '11' });
    svg.append(line, text);
    return { svg, left, right, from, to, line, text };
  });
  const figureText = (value, unit) => {
    if (value === '') return 'nothing';
    const n = Number(value);
    if (unit === 'us') return n < 1e6 ? Number((n / 1e3).toPrecision(3)) + ' ms' : Number((n / 1e6).toPrecision(3)) + ' s';
    return Number(n.toPrecision(3)) + (unit === 'per-s' ? '/s' : '');
  };
  const showAt = (at) => {
    for (const { svg, left, right, from, to, line, text } of timed) {
      const isIn = at !== null && at >= from && at <= to;
      for (const one of [line, text]) one.setAttribute('visibility', isIn ? 'visible' : 'hidden');
      const lanes = all('[data-values]', svg);
      if (!isIn) {
        for (const lane of lanes) lane.querySelector('.read')?.remove();
        continue;
      }
      const x = left + ((right - left) * (at - from)) / (to - from);
      const bottom = svg.viewBox.baseVal.height - 34;
      line.setAttribute('d', 'M' + x + ',12V' + bottom);
      text.setAttribute('x', x);
      text.setAttribute('y', 10);
      text.textContent = (at / 1e9).toFixed(2) + ' s';
      for (const lane of lanes) {
        const values = lane.dataset.values.split(' ');
        const places = lane.dataset.bars.split(' ');
        const [begin, end] = [Number(places[0]), Number(places.at(-1))];
        // Other results may go on for longer, or have begun before.
        if (!(at >= begin && at <= end)) {
          lane.querySelector('.read')?.remove();
          continue;
        }
        const isEven = places[1]?.startsWith('+');
        const i = Math.min(
          values.length - 1,
          isEven ? Math.trunc((at - begin) / Number(places[1])) : places.findLastIndex((place) => Number(place) <= at),
        );
        const read = lane.querySelector('.read') ?? lane.appendChild(make('text', { class: 'ink read', 'font-size': '11' }));
        const box = lane.querySelector('.bars').getBBox();
        read.setAttribute('x', Math.min(x + 5, right - 50));
        read.setAttribute('y', box.y + Math.min(12, box.height));
        read.textContent = figureText(values[i], svg.dataset.units.split(' ')[1]);
      }
    }
  };
  for (const { svg, left, right, from, to } of timed) {
    svg.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      showAt(x < left || x > right ? null : from + ((to - from) * (x - left)) / (right - left));
    });
    svg.addEventListener('pointerleave', () => showAt(null));
  }
  for (const link of all('a[data-packed]')) {
    link.addEventListener('click', async (event) => {
      if (!('DecompressionStream' in window)) return;
      event.preventDefault();
      const packed = Uint8Array.from(atob(link.href.slice(link.href.indexOf(',') + 1)), (c) => c.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
      const url = URL.createObjectURL(await new Response(stream).blob());
      const plain = document.createElement('a');
      plain.href = url;
      plain.download = link.download.replace(/\\.gz$/, '');
      plain.click();
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    });
  }
})();
`;
