// One key for what an officer does a hundred times a day; never while somebody types or composes.
const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]';
const PRESSED = 'a, button, summary, [role=button]';

const seen = (element) => element.getClientRects().length && !element.disabled;

function walk(step) {
  const rows = [...document.querySelectorAll('.work tr[data-row]')];
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.classList.contains('is-at'));
  const row = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows[at]?.classList.remove('is-at');
  row.classList.add('is-at');
  row.querySelector('a')?.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
  return true;
}

document.addEventListener('keydown', (event) => {
  const { target, isComposing, keyCode, ctrlKey, metaKey, altKey } = event;
  if (isComposing || keyCode === 229 || ctrlKey || metaKey || altKey || target.matches?.(TYPING)) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  if ((key === 'Enter' || key === ' ') && target.matches?.(PRESSED)) return;
  const stage = document.querySelector('dialog[open]') ?? document;
  const button = [...stage.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(seen);
  const row = document.querySelector('.work tr.is-at');
  let done = true;
  if (button) { button.click(); button.focus({ preventScroll: true }); }
  else if (key === 'J') done = walk(1);
  else if (key === 'K') done = walk(-1);
  else if (key === 'X' && row) row.querySelector('input[type=checkbox]')?.click();
  else done = false;
  if (done) event.preventDefault();
});
