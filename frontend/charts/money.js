// Money over one year: each month paid as a pale bar, all paid so far as the line, against the budget, what is committed and the even pace.
import { base, C, FONT, num, say, scale, tooltip, yAxis } from './look.js';

const month = new Intl.DateTimeFormat(document.documentElement.lang || 'zh-Hans', { month: 'short' });
const named = (year, n) => month.format(new Date(year, n - 1, 1));
const hatched = {
  color: C.sheet,
  borderColor: C.brand,
  borderWidth: 1.5,
  decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: 'rgba(23, 74, 139, .45)' },
};

export function money(data, { width }) {
  const { year, budget, committed, months, running, unit, labels } = data;
  const names = Array.from({ length: 12 }, (_, i) => named(year, i + 1));
  const paid = names.map((_, i) => months[i]?.[1] ?? null);
  const sums = names.map((_, i) => months[i]?.[2] ?? null);
  const last = months.length - 1;
  const range = scale(0, Math.max(budget ?? 0, committed, ...months.map(([, , sum]) => sum), 1));
  const marks = [];
  if (budget) marks.push({ yAxis: budget, lineStyle: { color: C.ink, width: 1.25, type: 'solid' } });
  if (committed) marks.push({ yAxis: committed, lineStyle: { color: C.brand, width: 1, type: [2, 3] } });
  const written = (value) => `${num(value)} ${unit}`;
  const items = [];
  if (budget) items.push({ text: `${labels.budget} ${written(budget)}`, bold: true, color: C.ink, must: true, at: [[[names[0], budget], -14, -11, 'left'], [[names[0], budget], -14, 13, 'left']] });
  if (committed) items.push({ text: `${labels.committed} ${written(committed)}`, color: C.brand, must: true, at: [[[names[0], committed], -14, -11, 'left'], [[names[0], committed], -14, 13, 'left']] });
  if (last >= 0) {
    const end = [names[last], sums[last]];
    items.push({ text: `${labels.paid} ${written(sums[last])}`, bold: true, color: C.brand, must: true, at: [[end, 10, 0, 'left'], [end, -8, -14, 'right'], [end, 10, 16, 'left'], [end, -8, 16, 'right']] });
  }
  if (budget) items.push({ text: labels.pace, size: 12, color: C.weak, at: [[[names[5], budget / 2], -8, -12, 'right'], [[names[8], (budget * 9) / 12], -8, -12, 'right']] });
  const pace = names.map((_, i) => (budget ? (budget * (i + 1)) / 12 : null));
  const every = width < 420 ? 2 : 1;
  return {
    ...base,
    caption: '',
    tooltip: {
      ...tooltip,
      axisPointer: { type: 'shadow', shadowStyle: { color: C.soft } },
      formatter: ([{ dataIndex: i }]) => [
        `${year}-${String(i + 1).padStart(2, '0')}`,
        paid[i] === null ? say('unknown') : `${labels.month} ${written(paid[i])}`,
        sums[i] === null ? '' : `${labels.sum} ${written(sums[i])}`,
        pace[i] === null ? '' : `${labels.pace} ${written(Math.round(pace[i]))}`,
      ].filter(Boolean).join('\n'),
    },
    grid: { left: 52, right: 20, top: 28, bottom: 30 },
    xAxis: {
      type: 'category',
      data: names,
      axisLine: { lineStyle: { color: C.strong } },
      axisTick: { show: false },
      axisLabel: { color: C.weak, fontSize: 12, fontFamily: FONT, interval: (i) => i % every === 0 },
    },
    yAxis: yAxis(range),
    series: [
      { name: 'month', type: 'bar', barWidth: Math.min(((width - 72) / 12) * .46, 30), itemStyle: { color: '#9db7d6', borderRadius: [2, 2, 0, 0] }, data: paid.map((value, i) => (value && i + 1 === running ? { value, itemStyle: hatched } : value)), z: 2 },
      ...(budget ? [{ name: 'pace', type: 'line', symbol: 'none', silent: true, itemStyle: { color: C.pace }, lineStyle: { color: C.pace, width: 1.5, type: [5, 4] }, data: pace, z: 3 }] : []),
      {
        name: 'sum',
        type: 'line',
        symbol: 'circle',
        symbolSize: 6,
        itemStyle: { color: C.brand },
        lineStyle: { color: C.brand, width: 2.5 },
        data: sums,
        markLine: { symbol: 'none', silent: true, label: { show: false }, data: marks },
        z: 5,
      },
    ],
    labels: {
      items,
      lines: [months.map(([n, , sum]) => [names[n - 1], sum]), ...(budget ? [pace.map((value, i) => [names[i], value])] : [])],
      bars: [],
    },
  };
}
