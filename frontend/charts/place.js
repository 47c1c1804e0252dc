// Words stand beside what they name: each takes the first of its wished places that is free of words, lines and edges.
import { FONT } from './look.js';

const canvas = document.createElement('canvas').getContext('2d');
const GAP = 3;

export function size({ text, size: px = 13, bold }) {
  canvas.font = `${bold ? 600 : 400} ${px}px ${FONT}`;
  return { width: canvas.measureText(text).width, height: px * 1.25 };
}

const boxAt = ({ x, y, align }, { width, height }) => {
  const left = align === 'right' ? x - width : align === 'center' ? x - width / 2 : x;
  return { left, right: left + width, top: y - height / 2, bottom: y + height / 2 };
};
const overlap = (a, b) => a.left < b.right + GAP && a.right > b.left - GAP && a.top < b.bottom + GAP && a.bottom > b.top - GAP;

// Does the straight line cross the box? Clipped by each side in turn (Liang and Barsky).
function crosses([[x1, y1], [x2, y2]], box) {
  const edges = [[x1 - x2, x1 - box.left], [x2 - x1, box.right - x1], [y1 - y2, y1 - box.top], [y2 - y1, box.bottom - y1]];
  let [from, to] = [0, 1];
  for (const [p, q] of edges) {
    if (p === 0 && q < 0) return false;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  return from <= to;
}

const pairs = (points) => points.slice(1).map((point, i) => [points[i], point]);

// labels: {items: [{text, size, bold, color, must, at: [[axis point, dx, dy, align], …]}], lines: [[axis points]], bars: [[from, to]]}
export function place(chart, { items, lines = [], bars = [], floor }) {
  const pixel = (point) => chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, point);
  const segments = lines.flatMap((line) => pairs(line.map(pixel)));
  const taken = bars.map(([from, to, half]) => {
    const [a, b] = [pixel(from), pixel(to)];
    return { left: a[0] - half, right: a[0] + half, top: Math.min(a[1], b[1]), bottom: Math.max(a[1], b[1]) };
  });
  const [left, height] = floor ? pixel(floor) : [0, chart.getHeight()];
  const width = chart.getWidth();
  const inside = (box) => box.left >= left - 1 && box.right <= width && box.top >= 0 && box.bottom <= height;
  const free = (box) => inside(box) && !taken.some((other) => overlap(box, other)) && !segments.some((line) => crosses(line, box));
  const shown = [];
  for (const item of items) {
    const measure = size(item);
    const places = item.at.map(([point, dx, dy, align]) => {
      const [x, y] = pixel(point);
      return { x: x + dx, y: y + dy, align };
    });
    const fit = places.find((spot) => free(boxAt(spot, measure)))
      ?? (item.must ? places.find((spot) => inside(boxAt(spot, measure)) && !taken.some((other) => overlap(boxAt(spot, measure), other))) : undefined);
    if (!fit) continue;
    taken.push(boxAt(fit, measure));
    shown.push({
      type: 'text',
      x: fit.x,
      y: fit.y,
      z: 20,
      silent: true,
      style: { text: item.text, fill: item.color, font: `${item.bold ? 600 : 400} ${item.size ?? 13}px ${FONT}`, align: fit.align ?? 'left', verticalAlign: 'middle' },
    });
  }
  return shown;
}
