// Figures from the data blocks of the page: drawn as SVG, one per [data-kind], redrawn in size. The table behind stays in the page.
import { BarChart, LineChart } from 'echarts/charts';
import { GraphicComponent, GridComponent, MarkLineComponent, MarkPointComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { cumulative, final } from './charts/course.js';
import { money } from './charts/money.js';
import { monthly } from './charts/monthly.js';
import { place } from './charts/place.js';

echarts.use([BarChart, LineChart, GraphicComponent, GridComponent, MarkLineComponent, MarkPointComponent, TooltipComponent, CanvasRenderer, SVGRenderer]);
const KINDS = { cumulative, final, money, monthly };
const drawn = new WeakMap();

function start(element, data, alone) {
  const chart = echarts.init(element, null, { renderer: 'svg' });
  const show = () => {
    const { width } = element.getBoundingClientRect();
    if (!width || matchMedia('print').matches) return;
    chart.resize();
    const { caption, labels, ...option } = KINDS[element.dataset.kind](data, { width, alone });
    element.parentElement.querySelector('figcaption').textContent = caption;
    chart.setOption(option, { notMerge: true });
    chart.setOption({ graphic: place(chart, labels) });
    element.querySelector('svg')?.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`);   // so that paper can scale it
  };
  new ResizeObserver(show).observe(element);
  show();
  return chart;
}

const FINE = 2, EDGE = 24, HEAD = 56, CAPTION = 24;   // dots to a pixel; pixels

// A figure as it stands, on white: drawn again on a canvas with the page's own letters.
function painted(chart) {
  const stage = document.createElement('div');
  const copy = echarts.init(stage, null, { renderer: 'canvas', width: chart.getWidth(), height: chart.getHeight(), devicePixelRatio: FINE });
  copy.setOption(chart.getOption());
  const canvas = copy.renderToCanvas({ pixelRatio: FINE, backgroundColor: '#fff' });
  return { canvas, width: copy.getWidth(), height: copy.getHeight(), done: () => copy.dispose() };
}

// All figures of a sheet side by side under its title, so that the file can stand alone: what, of which plan, as of when.
function picture(plot, titles) {
  const figures = [...plot.querySelectorAll('[data-kind]')].filter((figure) => drawn.get(figure)?.getWidth());
  const parts = figures.map((figure) => ({ ...painted(drawn.get(figure)), caption: figure.parentElement.querySelector('figcaption').textContent }));
  const sheet = document.createElement('canvas');
  sheet.width = FINE * (parts.reduce((sum, part) => sum + part.width + EDGE, EDGE));
  sheet.height = FINE * (HEAD + CAPTION + EDGE + Math.max(...parts.map((part) => part.height)));
  const paint = sheet.getContext('2d');
  const { fontFamily, color } = getComputedStyle(plot);
  const write = (text, x, y, font) => { paint.font = `${font} ${fontFamily}`; paint.fillText(text, x, y); };
  paint.scale(FINE, FINE);
  paint.fillStyle = '#fff';
  paint.fillRect(0, 0, sheet.width, sheet.height);
  paint.fillStyle = color;
  write(titles.join('　'), EDGE, 38, '600 18px');
  let x = EDGE;
  for (const part of parts) {
    write(part.caption, x, HEAD + 14, '13px');
    paint.drawImage(part.canvas, x, HEAD + CAPTION, part.width, part.height);
    x += part.width + EDGE;
    part.done();
  }
  return sheet.toDataURL('image/png');
}

document.addEventListener('click', ({ target }) => {
  const plot = target.closest('[data-picture]')?.closest('[data-plot]');
  if (!plot) return;
  const { today } = JSON.parse(document.getElementById(plot.dataset.source).textContent);
  const titles = [document.title.split(' · ')[0], plot.querySelector('h2').textContent.trim(), today].filter(Boolean);
  const link = document.createElement('a');
  link.href = picture(plot, titles);
  link.download = `${titles.join(' ')}.png`;
  link.click();
});

window.drawPlots = async () => {
  await document.fonts.ready;
  for (const plot of document.querySelectorAll('[data-plot]')) {
    const data = JSON.parse(document.getElementById(plot.dataset.source).textContent);
    plot.classList.add('is-drawn');
    const figures = [...plot.querySelectorAll('[data-kind]')];
    for (const figure of figures) if (!drawn.has(figure)) drawn.set(figure, start(figure, data, figures.length === 1));
  }
};
window.drawPlots();
