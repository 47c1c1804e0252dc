// Typed text outlives a lost connection, an error page or a wrong click, until a submit has succeeded. Never files, passwords, ID numbers.
import { fill, isField, isPrivate, values } from './fields.js';
import { make, meta, say } from './texts.js';

const forms = () => [...document.querySelectorAll('form[data-guard], form[data-autosave]')];
const key = (form) => `typed ${location.pathname} ${form.id || form.dataset.guard || forms().indexOf(form)}`;
const read = (name) => JSON.parse(sessionStorage.getItem(name) ?? 'null');

function names(form) {
  return [...new Set([...form.elements].filter((c) => isField(c) && !isPrivate(c)).map((c) => c.name))];
}

export function keep(form, sent = false) {
  const typed = Object.fromEntries(names(form).map((name) => [name, values(form, name)]));
  try {
    sessionStorage.setItem(key(form), JSON.stringify({ typed, sent, who: meta('who') }));
  } catch { /* storage full or forbidden: typing goes on */ }
}

export const drop = (form) => sessionStorage.removeItem(key(form));

function restore(form) {
  const kept = read(key(form));
  const changed = Object.entries(kept?.typed ?? {}).filter(([name, value]) => names(form).includes(name) && values(form, name).join('\n') !== value.join('\n'));
  if (!changed.length || kept.who !== meta('who')) return drop(form);
  const before = changed.map(([name]) => [name, values(form, name)]);
  for (const [name, value] of changed) fill(form, name, value);
  const undo = make('button', { class: 'btn btn-text', type: 'button' }, say('discard'));
  const word = make('p', { class: 'say', role: 'status' }, make('span', {}, say('restored')), undo);
  undo.addEventListener('click', () => {
    for (const [name, value] of before) fill(form, name, value);
    drop(form);
    word.remove();
  });
  form.prepend(word);
  form.dataset.touched = '';
  for (const [name] of changed) form.elements[name].dispatchEvent?.(new Event('input', { bubbles: true }));
}

function watch(form) {
  const typing = ({ target, isComposing }) => {
    if (isComposing || isPrivate(target)) return;
    form.dataset.touched = '';
    keep(form);
  };
  form.addEventListener('input', typing);
  form.addEventListener('submit', () => { delete form.dataset.touched; keep(form, true); });
}

// A page that is no error page follows a submit that went through: what was sent need not be kept.
function settle() {
  const failed = document.querySelector('.sorry');
  const came = performance.getEntriesByType('navigation')[0]?.type;
  for (const name of Object.keys(sessionStorage).filter((n) => n.startsWith('typed '))) {
    const kept = read(name);
    if (!kept?.sent) continue;
    if (failed || came === 'back_forward') sessionStorage.setItem(name, JSON.stringify({ ...kept, sent: false }));
    else sessionStorage.removeItem(name);
  }
}

settle();
for (const form of forms()) {
  watch(form);
  setTimeout(() => restore(form));   // after the other modules have read what the server sent
}
window.addEventListener('beforeunload', (event) => {
  if (document.querySelector('form[data-guard][data-touched]')) event.preventDefault();
});
document.addEventListener('submit', ({ target }) => { if (target.matches('form[data-forget]')) sessionStorage.clear(); });
