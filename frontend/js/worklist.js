// Picked rows: marked, counted, and the batch bar says what will happen to how many.
import { say } from './texts.js';

let last;

function count(list) {
  const boxes = [...list.querySelectorAll('tr[data-row] input[type=checkbox]')];
  const picked = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest('tr').classList.toggle('is-picked', box.checked);
  const all = list.querySelector('[data-all]');
  if (all) {
    all.checked = boxes.length > 0 && picked.length === boxes.length;
    all.indeterminate = picked.length > 0 && !all.checked;
  }
  const able = picked.filter((box) => !box.closest('tr').classList.contains('is-gone'));
  const bar = document.querySelector('.batch');
  if (!bar) return;
  bar.toggleAttribute('data-empty', !picked.length);
  for (const place of bar.querySelectorAll('[data-count]')) place.textContent = say('selected', { n: picked.length });
  for (const place of bar.querySelectorAll('[data-count-text]')) place.textContent = place.dataset.countText.replace('{n}', able.length);
}

document.addEventListener('click', ({ target, shiftKey }) => {
  const list = target.closest('.work') ?? document.querySelector('.work');
  if (!list) return;
  const boxes = [...list.querySelectorAll('tr[data-row] input[type=checkbox]')];
  if (target.matches('[data-all]')) for (const box of boxes) box.checked = target.checked;
  else if (target.closest('[data-clear]')) for (const box of boxes) box.checked = false;
  else if (boxes.includes(target)) {
    if (shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(target)].sort((a, b) => a - b);
      for (const box of boxes.slice(from, to + 1)) box.checked = target.checked;
    }
    last = target;
  } else return;
  count(list);
});
for (const list of document.querySelectorAll('.work')) count(list);
window.addEventListener('pageshow', () => document.querySelectorAll('.work').forEach(count));
