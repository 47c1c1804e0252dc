// A small fragment asks for itself while somebody looks; it stops when the server sends one without data-refresh.
import { swap } from './htmx.js';
import { meta, say } from './texts.js';

const failing = new Map();

async function refresh(element) {
  const { refresh: url } = element.dataset;
  try {
    const answer = await fetch(url, { headers: { 'HX-Request': 'true', 'X-Refresh': '1', 'X-CSRFToken': meta('csrf') } });
    if (answer.status === 401) return delete element.dataset.refresh;   // nobody is interrupted for a poll
    if (!answer.ok) throw new Error(String(answer.status));
    failing.delete(url);
    const html = await answer.text();
    if (html.trim() !== element.outerHTML.trim()) return swap(element, html);
    return plan(element);
  } catch {
    const since = failing.get(url) ?? Date.now();
    failing.set(url, since);
    const minutes = Math.round((Date.now() - since) / 60000);
    const word = element.querySelector('[data-age]');
    if (word && minutes) {
      word.textContent = say('stale', { minutes });
      word.classList.add('stale');
    }
    return plan(element);
  }
}

function plan(element) {
  setTimeout(() => {
    if (!element.isConnected || !element.dataset.refresh) return;
    if (document.visibilityState === 'visible') refresh(element);
    else document.addEventListener('visibilitychange', () => refresh(element), { once: true });
  }, (Number(element.dataset.every) || 30) * 1000);
}

const start = (root) => [root, ...root.querySelectorAll('[data-refresh]')].filter((e) => e.matches?.('[data-refresh]')).forEach((element) => {
  if (element.planned) return;
  element.planned = true;
  plan(element);
});
start(document.body);
document.addEventListener('htmx:load', ({ target }) => start(target));
