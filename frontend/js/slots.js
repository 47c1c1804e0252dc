// Choosing a file sends it: checked first, with progress, cancel and retry. The answer is the slot as the server now draws it.
import { swap } from './htmx.js';
import { token } from './net.js';
import { renew } from './session.js';
import { make, say } from './texts.js';

const size = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${Math.round(bytes / 104857.6) / 10} MB`);
const ending = (file) => `.${file.name.split('.').pop().toLowerCase()}`;

function fault(files, { max, accept, formats }) {
  for (const file of files) {
    if (!file.size) return say('isEmpty');
    if (file.size > max * 1048576) return say('tooBig', { size: size(file.size), max });
    if (accept && !accept.split(',').includes(ending(file))) return say('wrongType', { type: ending(file), formats: formats.replaceAll(' ', say('and')) });
  }
  return '';
}

function board(form) {
  const slot = form.closest('.slot');
  slot.querySelector('.slot-run')?.remove();
  const run = make('div', { class: 'slot-run', role: 'status' });
  slot.append(run);
  return run;
}

function tell(run, sentence, wrong, ...buttons) {
  run.classList.toggle('is-wrong', wrong);
  run.replaceChildren(make('span', { class: 'slot-run-text' }, sentence), ...buttons);
}

const press = (word, action) => {
  const button = make('button', { type: 'button' }, word);
  button.addEventListener('click', action);
  return button;
};

// The answer takes the place of the element of its own id: the slot, or the whole set it belongs to.
function place(form, html) {
  const { id } = new DOMParser().parseFromString(html, 'text/html').body.firstElementChild ?? {};
  return (id && document.getElementById(id)) || document.getElementById(form.dataset.slot);
}

function upload(form, files) {
  const run = board(form);
  const bar = make('progress', { max: 100, value: 0 });
  const request = new XMLHttpRequest();
  const again = press(say('retry'), () => upload(form, files));
  const data = new FormData(form);
  const { name } = form.querySelector('input[type="file"]');
  data.delete(name);
  for (const file of files) data.append(name, file);
  tell(run, say('uploading', { percent: 0 }), false, press(say('cancel'), () => request.abort()), bar);
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = Math.round((loaded / total) * 100);
    run.firstChild.textContent = say('uploading', { percent: bar.value });
  });
  request.addEventListener('abort', () => tell(run, say('cancelled'), false, again));
  request.addEventListener('error', () => tell(run, say('uploadFailed'), true, again));
  request.addEventListener('load', () => {
    if (request.status === 401) renew().then(() => upload(form, files), () => tell(run, say('uploadFailed'), true, again));
    else if (request.status < 300 || request.status === 422) swap(place(form, request.responseText), request.responseText);
    else tell(run, say('uploadFailed'), true, again);
  });
  request.open('POST', form.action);
  request.setRequestHeader('HX-Request', 'true');
  request.setRequestHeader('X-CSRFToken', token(form));
  request.send(data);
}

document.addEventListener('change', ({ target }) => {
  const form = target.type === 'file' && target.closest('.slot-form');
  if (!form || !target.files.length) return;
  const files = [...target.files];
  const wrong = fault(files, form.dataset);
  if (wrong) {
    tell(board(form), wrong, true);
    target.value = '';
  } else if (form.dataset.slot) {
    upload(form, files);
    target.value = '';   // the same file may be chosen again
  } else {
    tell(board(form), files.map((file) => `${file.name} ${size(file.size)}`).join(say('and')), false);
  }
});
for (const [event, over] of [['dragenter', true], ['dragleave', false], ['drop', false]]) {
  document.addEventListener(event, ({ target }) => target.closest?.('.slot')?.classList.toggle('is-over', over));
}
