// One month one bar: what began to count above, what stopped below in orange; the running month is hatched, for it is not full.
import { base, C, FONT, num, say, scale, tooltip, yAxis } from './look.js';

const hatched = {
  color: C.sheet,
  borderColor: C.brand,
  borderWidth: 1.5,
  decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: 'rgba(23, 74, 139, .55)' },
};

// Whether a month is full on this day of it.
const isLast = (day) => new Date(Date.parse(day) + 864e5).getUTCDate() === 1;

export function monthly(data, { width }) {
  const { months, even, unit, labels = {} } = data;
  const running = data.today && !isLast(data.today) ? data.today.slice(0, 7) : '';
  // a little below the deepest bar, where its figure stands
  const range = scale(-1.2 * Math.max(0, ...months.map(([, , out]) => Math.abs(out ?? 0))), Math.max(even ?? 0, 1, ...months.map(([, into]) => into ?? 0)), 6);
  const room = (width - 56) / months.length;
  const written = room >= 20;
  const every = room >= 20 ? 1 : 3;
  const barWidth = Math.min(room * .58, 34);
  const above = months.map(([month, into]) => (month === running && into ? { value: into, itemStyle: hatched } : into));
  const evenText = even ? `${labels.pace ?? ''} ${num(even)}` : '';
  return {
    ...base,
    caption: '',
    tooltip: {
      ...tooltip,
      axisPointer: { type: 'shadow', shadowStyle: { color: C.soft } },
      formatter: ([{ dataIndex }]) => {
        const [month, into, out] = months[dataIndex];
        return [month, into === null ? say('unknown') : `${labels.in ?? ''} ${num(into)} ${unit}`, out ? `${labels.out ?? ''} −${num(Math.abs(out))}` : ''].filter(Boolean).join('\n');
      },
    },
    grid: { left: 40, right: 16, top: 28, bottom: 44 },
    xAxis: {
      type: 'category',
      data: months.map(([month]) => month),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: C.weak,
        fontSize: 12,
        interval: 0,
        formatter: (month) => {
          const [year, n] = month.split('-').map(Number);
          const first = n === 1 || month === months[0][0];
          return ((n - 1) % every === 0 ? String(n) : '') + (first ? `\n{year|${year}}` : '');
        },
        rich: { year: { fontWeight: 600, color: C.ink, fontSize: 12, lineHeight: 18, fontFamily: FONT } },
      },
    },
    yAxis: yAxis(range),
    series: [
      { name: 'in', type: 'bar', stack: 'month', barWidth, itemStyle: { color: C.brand, borderRadius: [2, 2, 0, 0] }, data: above, label: { show: written, position: 'top', distance: 3, fontSize: 12, color: C.ink, backgroundColor: C.sheet, padding: [0, 2], formatter: ({ value }) => (value ? num(value) : '') }, z: 4 },
      { name: 'out', type: 'bar', stack: 'month', barWidth, itemStyle: { color: C.behind, borderRadius: [0, 0, 2, 2] }, data: months.map(([, , out]) => (out ? -Math.abs(out) : null)), label: { show: true, position: 'bottom', distance: 3, fontSize: 12, color: C.behind, formatter: ({ value }) => num(value) } },
      ...(even ? [{ name: 'even', type: 'line', symbol: 'none', silent: true, lineStyle: { color: C.pace, width: 1.5, type: [5, 4] }, z: 3, data: months.map(() => even) }] : []),
    ],
    labels: {
      items: evenText ? [{ text: evenText, size: 12, color: C.weak, at: months.flatMap(([month], i) => [[[month, even], i ? 0 : -barWidth / 2, -11, 'left'], [[month, even], 0, 13, 'left']]) }] : [],
      bars: months.map(([month, into]) => [[month, (into ?? 0) + (range.max - range.min) * .07], [month, 0], barWidth / 2]),
    },
  };
}
