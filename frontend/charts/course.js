// A target over its plan: the whole way (cumulative), and the end enlarged (final), where the answer is.
import { size } from './place.js';
import { base, C, num, say, scale, tooltip, yAxis } from './look.js';

const DAY = 864e5;
const month = new Intl.DateTimeFormat(document.documentElement.lang || 'zh-Hans', { month: 'short' });
const time = (iso) => Date.parse(`${iso.slice(0, 10)}T00:00:00`);
const iso = (ms) => { const d = new Date(ms); return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`; };

// The value of a line at a moment, straight between its points.
function along(points, at) {
  const after = points.findIndex(([x]) => x >= at);
  if (after < 0) return points.at(-1)?.[1];
  if (after === 0) return points[0][1];
  const [[x0, y0], [x1, y1]] = [points[after - 1], points[after]];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}
const lastKnown = (points, at) => points.filter(([x, y]) => x <= at && y !== null).at(-1)?.[1];

function read(data) {
  const actual = data.actual.map(([x, y]) => [time(x), y]);
  const pace = (data.pace ?? []).map(([x, y]) => [time(x), y]);
  const known = actual.filter(([, y]) => y !== null);
  const now = time(data.today);
  const value = known.length ? known.at(-1)[1] : null;
  const few = known.length < 3;
  return {
    ...data,
    labels: data.labels ?? {},
    actual,
    pace,
    now,
    value,
    point: known.length ? [few ? known.at(-1)[0] : now, value] : null,
    since: time(data.since),
    until: time(data.until),
    few,
    forecast: few ? null : data.forecast,
    paceNow: pace.length ? along(pace, now) : null,
  };
}

const solid = { symbol: 'none', itemStyle: { color: C.brand }, lineStyle: { color: C.brand, width: 2.5, join: 'round' }, z: 5 };
const dashed = { type: 'line', symbol: 'none', itemStyle: { color: C.pace }, lineStyle: { color: C.pace, width: 1.5, type: [5, 4] }, z: 3 };

function series(d, points, { step, paceLine, end, ends, enlarged }) {
  const lines = [{ ...dashed, name: 'pace', data: paceLine }];
  const marks = [{ xAxis: d.now, lineStyle: { color: C.strong, width: 1, type: 'solid' } }];
  if (d.target) marks.push({ yAxis: d.target, lineStyle: { color: C.ink, width: 1.25, type: 'solid' } });
  lines.push({
    ...solid,
    name: 'actual',
    type: 'line',
    step,
    data: points,
    ...(d.few ? { symbol: 'circle', symbolSize: 9, lineStyle: { opacity: 0 } } : { areaStyle: { color: C.soft, origin: 'start' } }),
    markLine: { symbol: 'none', silent: true, label: { show: false }, data: marks },
    markPoint: d.value === null || d.few ? undefined : { symbol: 'circle', symbolSize: 9, silent: true, label: { show: false }, itemStyle: { color: C.brand, borderColor: C.sheet, borderWidth: 2 }, data: [{ coord: [d.now, d.value] }] },
  });
  if (ends) {
    const hidden = { type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: { opacity: 0 } };
    lines.push({ ...hidden, name: 'low', data: [[d.now, d.value], [end, ends.low]] });
    lines.push({ ...hidden, name: 'high', areaStyle: { color: C.band }, data: [[d.now, 0], [end, ends.high - ends.low]] });
    lines.push({ type: 'line', name: 'mid', symbol: 'none', silent: true, lineStyle: { color: C.brand, width: 2, type: [2, 3] }, z: 6, data: [[d.now, d.value], [end, ends.mid]] });
  }
  if (enlarged && d.paceNow !== null && d.value !== null) {
    lines.push({ type: 'line', name: 'distance', symbol: 'none', silent: true, lineStyle: { color: d.value < d.paceNow ? C.behind : C.ahead, width: 2 }, z: 7, data: [[d.now, d.value], [d.now, d.paceNow]] });
  }
  return lines;
}

const hover = (d) => ({
  ...tooltip,
  axisPointer: { type: 'line', lineStyle: { color: C.strong } },
  formatter: ([first]) => {
    const at = first.axisValue;
    const actual = at <= d.now ? lastKnown(d.actual, at) : undefined;
    return [
      iso(at),
      actual === undefined ? '' : `${d.labels.actual ?? ''} ${num(actual)} ${d.unit}`,
      d.pace.length ? `${d.labels.pace ?? ''} ${num(along(d.pace, at), 1)}` : '',
    ].filter(Boolean).join('\n');
  },
});

function xAxis(from, to, every) {
  const label = (ms) => {
    const d = new Date(ms);
    if (d.getDate() !== 1) return '';
    if (d.getMonth() === 0) return `{year|${d.getFullYear()}}`;
    return d.getMonth() % every === 0 ? month.format(d) : '';
  };
  return {
    type: 'time',
    min: from,
    max: to,
    minInterval: 27 * DAY,
    axisLine: { lineStyle: { color: C.strong } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: { color: C.weak, fontSize: 12, hideOverlap: true, showMinLabel: true, showMaxLabel: false, formatter: label, rich: { year: { fontWeight: 600, color: C.ink, fontSize: 12 } } },
  };
}

const targetLabel = (d, from) => (d.target ? [{ text: `${d.labels.target ?? ''} ${num(d.target)} ${d.unit}`, bold: true, color: C.ink, must: true, at: [[[from, d.target], 0, -11, 'left'], [[from, d.target], 4, 13, 'left']] }] : []);
const around = (point) => [
  ...[16, 30, 44, -14].map((dy) => [point, 10, dy, 'left']), ...[20, 34, 48, 62, -16].map((dy) => [point, -10, dy, 'right']),
];
const widest = (labels) => Math.max(0, ...labels.map((label) => size(label).width + 14));
const span = (points, from, to) => points.filter(([x, y]) => y !== null && x >= from && x <= to);

export function cumulative(data, { width, alone }) {
  const d = read(data);
  const from = d.since;
  const least = Math.min(data.base ?? 0, ...d.actual.map(([, y]) => y ?? Infinity));
  const most = Math.max(d.target ?? 0, d.forecast?.high ?? 0, ...d.actual.map(([, y]) => y ?? 0), ...d.pace.map(([, y]) => y));
  const range = scale(least, most);
  const months = (d.until - from) / DAY / 30;
  const ends = d.forecast && alone ? [
    { text: say('forecastEnd', { n: num(d.forecast.mid) }), bold: true, size: 14, color: C.brand, at: [[[d.until, d.forecast.mid], 10, -4], [[d.until, d.forecast.mid], 10, 14]] },
    { text: say('between', { low: num(d.forecast.low), high: num(d.forecast.high) }), color: C.weak, at: [[[d.until, d.forecast.mid], 10, 16], [[d.until, d.forecast.mid], 10, 34]] },
  ] : [];
  const items = [
    ...targetLabel(d, from),
    ...(d.value === null ? [] : [{ text: `${d.labels.actual ?? ''} ${num(d.value)}`, bold: true, size: 14, color: C.brand, must: true, at: around(d.point) }]),
    ...ends,
    ...(d.pace.length ? [{ text: d.labels.pace ?? '', color: C.weak, at: [.4, .5, .3, .6, .2, .7].flatMap((share) => {
      const at = from + (d.until - from) * share;
      return [[[at, along(d.pace, at)], -8, -13, 'right'], [[at, along(d.pace, at)], 10, 14, 'left']];
    }) }] : []),
    ...(d.labels.today ? [{ text: d.labels.today, size: 12, color: C.weak, at: [[[d.now, range.min], -6, -12, 'right'], [[d.now, range.min], 6, -12, 'left']] }] : []),
  ];
  return {
    ...base,
    caption: say(range.min ? 'wholeFrom' : 'whole', { since: data.since, until: data.until, min: num(range.min) }),
    tooltip: hover(d),
    grid: { left: 44, right: Math.max(68, widest(ends)), top: 34, bottom: 30 },
    xAxis: xAxis(from, d.until, months > 18 && width < 480 ? 6 : 3),
    yAxis: yAxis(range),
    series: series(d, d.actual, { paceLine: d.pace, end: d.until, ends: d.forecast }),
    labels: { floor: [from, range.min], items, lines: [span(d.actual, from, d.now), d.pace, ...(d.target ? [[[from, d.target], [d.until, d.target]]] : []), [[d.now, range.min], [d.now, range.max]]] },
  };
}

export function final(data) {
  const d = read(data);
  const end = Math.min(d.until, d.now + 41 * DAY);
  const from = Math.max(d.since, end - 91 * DAY);
  const days = Math.round((end - from) / DAY) + 1;
  const atStart = lastKnown(d.actual, from);
  const points = [...(atStart === undefined ? [] : [[from, atStart]]), ...d.actual.filter(([x]) => x > from && x <= d.now)];
  if (points.length && points.at(-1)[1] !== null && points.at(-1)[0] < d.now) points.push([d.now, points.at(-1)[1]]);
  const paceLine = d.pace.length ? [[from, along(d.pace, from)], ...d.pace.filter(([x]) => x > from && x < end), [end, along(d.pace, end)]] : [];
  const toEnd = (value) => d.value + ((value - d.value) * (end - d.now)) / Math.max(d.until - d.now, DAY);
  const ends = d.forecast && end > d.now ? { low: toEnd(d.forecast.low), mid: toEnd(d.forecast.mid), high: toEnd(d.forecast.high) } : null;
  const whole = end === d.until;
  const all = [...points.map(([, y]) => y), ...paceLine.map(([, y]) => y), ...(ends ? [ends.low, ends.high] : []), ...(whole && d.target ? [d.target] : [])].filter((y) => y !== null && y !== undefined);
  const range = scale(Math.min(...all), Math.max(...all));
  const shown = { ...d, target: d.target <= range.max ? d.target : null };
  const gap = d.value !== null && d.paceNow !== null ? Math.round(d.value) - Math.round(d.paceNow) : null;
  const signed = gap > 0 ? `+${num(gap)}` : num(gap);
  const edges = (ends && whole ? [['most', ends.high, false], ['forecastEnd', ends.mid, true], ['least', ends.low, false]] : []).map(([key, value, bold]) => ({
    text: say(key, { n: num(value, 0) }), bold, size: bold ? 14 : 13, color: bold ? C.brand : C.weak, at: [0, 8, -8, 16, -16, 26].map((dy) => [[end, value], 8, dy]),
  }));
  const items = [
    ...targetLabel(shown, from),
    ...(gap ? [{ text: say('toPace', { n: signed }), bold: true, size: 14, color: gap < 0 ? C.behind : C.ahead, must: true, at: [[[d.now, d.paceNow], -4, -33, 'right'], [[d.now, (d.paceNow + d.value) / 2], -8, 0, 'right'], [[d.now, d.value], 8, 18, 'left']] }] : []),
    ...(d.paceNow === null ? [] : [{ text: say('paceNow', { n: num(d.paceNow, 0) }), color: C.weak, at: [[[d.now, d.paceNow], -4, -12, 'right'], [[d.now, d.paceNow], 8, 14, 'left']] }]),
    ...(d.value === null ? [] : [{ text: `${d.labels.actual ?? ''} ${num(d.value)}`, bold: true, size: 14, color: C.brand, must: true, at: around(d.point) }]),
    ...edges,
  ];
  const rest = ends ? [[[d.now, d.value], [end, ends.high]], [[d.now, d.value], [end, ends.low]]] : [];
  const stairs = points.flatMap((point, i) => (i ? [[point[0], points[i - 1][1]], point] : [point])).filter(([, y]) => y !== null);
  return {
    ...base,
    caption: say(whole ? 'lastDays' : 'someDays', { days, min: num(range.min) }),
    tooltip: hover(d),
    grid: { left: 40, right: Math.max(24, widest(edges)), top: 34, bottom: 30 },
    xAxis: xAxis(from, end, 1),
    yAxis: yAxis(range),
    series: series(shown, points, { step: 'end', paceLine, end, ends, enlarged: true }),
    labels: { floor: [from, range.min], items, lines: [stairs, paceLine, ...rest, ...(shown.target ? [[[from, shown.target], [end, shown.target]]] : [])] },
  };
}
