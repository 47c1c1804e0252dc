// htmx swaps fragments that a full page also includes; it carries the token and survives the end of a session.
import htmx from 'htmx.org';
import { token } from './net.js';
import { renew } from './session.js';

document.addEventListener('htmx:configRequest', ({ detail }) => {
  detail.headers['X-CSRFToken'] = token(detail.elt.closest('form'));
});
document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  if (detail.xhr.status === 422) {   // a form with errors is an answer
    detail.shouldSwap = true;
    detail.isError = false;
  }
});
document.addEventListener('htmx:responseError', ({ detail }) => {
  if (detail.xhr.status !== 401) return;
  const { elt, triggeringEvent } = detail.requestConfig;
  renew().then(() => htmx.trigger(elt, triggeringEvent?.type ?? 'click'), () => {});
});

export const swap = (element, html) => htmx.swap(element, html, { swapStyle: 'outerHTML' });
