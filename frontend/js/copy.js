// data-copy="text" on a button: copies it and says so in its own place.
import { say } from './texts.js';

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const area = Object.assign(document.createElement('textarea'), { value: button.dataset.copy, className: 'visually-hidden' });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  const label = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  if (!label || button.dataset.word) return;
  button.dataset.word = label.data;
  label.data = say('copied');
  setTimeout(() => {
    label.data = button.dataset.word;
    delete button.dataset.word;
  }, 2000);
});
