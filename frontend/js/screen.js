// The big screen: every so often the next of its pages, with fresh figures; who wants less motion keeps the page and gets
// its figures every five minutes. What can't be fetched leaves the page standing, and it says how old it is.
import { say } from './texts.js';

const CALM = matchMedia('(prefers-reduced-motion: reduce)');
let failing = null;

async function turn() {
  const screen = document.querySelector('[data-screen]');
  if (!screen) return;
  const url = CALM.matches ? location.href : screen.dataset.screen;
  try {
    const answer = await fetch(url);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    failing = null;
    screen.replaceWith(page.querySelector('[data-screen]'));
    document.title = page.title;
    history.replaceState(null, '', url);
    window.drawPlots?.();
  } catch {
    failing ??= Date.now();
    const age = screen.querySelector('[data-age]');
    age.textContent = say('stale', { minutes: Math.max(1, Math.round((Date.now() - failing) / 60000)) });
    age.classList.add('stale');
  }
  plan();
}

function plan() {
  const screen = document.querySelector('[data-screen]');
  if (screen) setTimeout(turn, (CALM.matches ? 300 : Number(screen.dataset.every) || 20) * 1000);
}
plan();
