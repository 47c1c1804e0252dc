// Switches a figure and its table; fetches the drawing code only where there is something to draw.
const wanted = (root) => [...(root.querySelectorAll?.('[data-plot]') ?? [])];

function draw(root) {
  const [first] = wanted(root);
  if (!first) return;
  if (window.drawPlots) window.drawPlots();
  else if (!document.querySelector('script[data-plots]')) {
    const script = document.createElement('script');
    script.src = first.dataset.code;
    script.dataset.plots = '';
    document.head.append(script);
  }
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-view]');
  const plot = button?.closest('[data-plot]');
  if (!plot) return;
  const table = button.dataset.view === 'table';
  plot.classList.toggle('shows-table', table);
  for (const other of plot.querySelectorAll('[data-view]')) other.setAttribute('aria-pressed', String(other === button));
  if (!table) window.drawPlots?.();
});
draw(document);
document.addEventListener('htmx:load', ({ target }) => draw(target));
