// The colours and letters of the page, and how figures are written.
const css = getComputedStyle(document.body);   // a dark page sets its colours there
const token = (name) => css.getPropertyValue(name).trim();

export const FONT = token('--font');
export const C = {
  ink: token('--ink'),
  weak: token('--ink-weak'),
  line: token('--line'),
  strong: token('--line-strong'),
  brand: token('--brand'),
  behind: token('--behind'),
  ahead: token('--ahead'),
  sheet: token('--sheet'),
  pace: '#6c7a88',
  soft: 'rgba(23, 74, 139, .06)',
  band: 'rgba(23, 74, 139, .18)',
};
export const num = (value, digits = 2) => Number(value).toLocaleString('zh-CN', { maximumFractionDigits: digits }).replace('-', '−');

const block = document.getElementById('texts');
const texts = block ? JSON.parse(block.textContent) : {};
export const say = (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

export const base = { animation: false, textStyle: { fontFamily: FONT, color: C.ink } };
// The HTML tooltip writes style attributes, which the CSP refuses: text drawn in the figure itself.
export const tooltip = {
  trigger: 'axis',
  confine: true,
  renderMode: 'richText',
  backgroundColor: C.sheet,
  borderColor: C.strong,
  borderWidth: 1,
  padding: [8, 12],
  textStyle: { color: C.ink, fontSize: 13, lineHeight: 20, fontFamily: FONT },
};

// About so many steps of 1, 2, 2.5 or 5 that hold both ends.
export function scale(low, high, steps = 4, whole = true) {
  const rough = Math.max((high - low) / steps, whole ? 1 : 1e-6);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough - 1e-9 && (!whole || Number.isInteger(n)));
  return { min: Math.floor(low / step + 1e-9) * step, max: Math.ceil(high / step - 1e-9) * step, interval: step };
}

export const yAxis = (range) => ({
  type: 'value',
  ...range,
  axisLabel: { color: C.weak, fontSize: 12, formatter: (value) => num(value) },
  splitLine: { lineStyle: { color: C.line } },
});
