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

// The figure as it stands, on white, twice as fine as the screen: drawn again on a canvas with the page's own letters.
function picture(element) {
  const chart = drawn.get(element);
  const stage = document.createElement('div');
  const copy = echarts.init(stage, null, { renderer: 'canvas', width: chart.getWidth(), height: chart.getHeight(), devicePixelRatio: 2 });
  copy.setOption(chart.getOption());
  const image = copy.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: '#fff' });
  copy.dispose();
  return image;
}

document.addEventListener('click', ({ target }) => {
  const plot = target.closest('[data-picture]')?.closest('[data-plot]');
  if (!plot) return;
  const title = plot.querySelector('h2').textContent.trim();
  plot.querySelectorAll('[data-kind]').forEach((figure, i) => {
    const link = document.createElement('a');
    link.href = picture(figure);
    link.download = `${title}${i ? `-${i + 1}` : ''}.png`;
    link.click();
  });
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
