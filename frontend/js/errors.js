// After a refused submit: the title says so, and reading starts at the list of errors.
import { say } from './texts.js';

const summary = document.querySelector('.errors[data-focus]');
if (summary) {
  document.title = say('error', { title: document.title });
  summary.focus();
}
