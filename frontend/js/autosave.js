// Each changed field goes to the form's own address; the dock says what is saved. Two people in one field are asked, never overwritten.
import { controls, fill, isField, question, showError, showWarning, values } from './fields.js';
import { drop, keep } from './guard.js';
import { swap } from './htmx.js';
import { Lost, send } from './net.js';
import { make, say, shape } from './texts.js';

const PAUSE = 800;                       // after the last key
const RETRIES = [5, 15, 30, 60];         // seconds

const same = (a, b = []) => a.filter(Boolean).join('\n') === b.filter(Boolean).join('\n');

class Saver {
  constructor(form) {
    this.form = form;
    this.dirty = new Set();
    this.refused = new Set();            // sent again with the next change: what was missing may be there by then
    this.was = new Map();
    this.tries = 0;
    this.place = (form.dataset.autosave && document.querySelector(form.dataset.autosave)) || document.querySelector('[data-saved]');
    for (const { name } of [...form.elements].filter(isField)) if (!name.startsWith('was-') && !this.was.has(name)) this.was.set(name, this.before(name));
    form.addEventListener('input', (event) => this.touch(event));
    form.addEventListener('change', (event) => this.touch(event, 0));
    form.addEventListener('focusout', () => this.dirty.size && this.later(0));
    form.addEventListener('compositionend', (event) => this.touch(event));
    form.addEventListener('submit', () => { this.sent = true; clearTimeout(this.timer); });
    window.addEventListener('online', () => this.dirty.size && this.save());
    window.addEventListener('beforeunload', (event) => this.dirty.size && !this.sent && event.preventDefault());
  }

  before(name) {
    const hidden = controls(this.form, `was-${name}`).map((input) => input.value);
    return hidden.length ? hidden : values(this.form, name);
  }

  touch({ target, isComposing }, pause = PAUSE) {
    if (isComposing || !target.name || target.type === 'file' || target.name.startsWith('was-') || target.form !== this.form) return;
    const { name } = target;
    if (!this.busy && !this.dirty.has(name) && same(values(this.form, name), this.was.get(name))) return;   // a blur, not a change
    this.dirty.add(name);
    keep(this.form);
    this.later(pause);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.busy || !this.dirty.size) return;
    const names = [...new Set([...this.dirty, ...this.refused])];
    const sent = new Map(names.map((name) => [name, values(this.form, name)]));
    this.dirty.clear();
    this.busy = true;
    this.tell('saving');
    try {
      const answer = await send(this.form.action, { method: 'POST', form: this.form, body: () => this.body(names) });
      const reply = await answer.json();
      if (!answer.ok) throw new Error(reply.error ?? '');
      this.heed(sent, reply);
      this.tries = 0;
    } catch (problem) {
      for (const name of names) this.dirty.add(name);
      this.fail(problem);
    }
    this.busy = false;
    if (this.dirty.size && !this.tries) this.later(0);
  }

  body(names) {
    const data = new FormData();
    for (const { name, value } of this.form.querySelectorAll('input[type="hidden"]')) if (!name.startsWith('was-')) data.append(name, value);
    for (const name of names) {
      const now = values(this.form, name);
      const was = this.was.get(name) ?? [];
      for (const value of now.length ? now : ['']) data.append(name, value);
      for (const value of was.length ? was : ['']) data.append(`was-${name}`, value);
    }
    data.append('fields', names.join(' '));
    return data;
  }

  heed(sent, { saved_at: at, fields = {}, version, tasks = {} }) {
    if (version !== undefined) for (const input of controls(this.form, 'version')) input.value = version;
    for (const name of sent.keys()) {
      const { value, error, warning, conflict } = fields[name] ?? {};
      showError(this.form, name, error);
      showWarning(this.form, name, warning);
      this.refused[error ? 'add' : 'delete'](name);
      if (conflict) this.clash(name, conflict);
      else if (!error) this.settle(name, value ?? sent.get(name));
    }
    for (const [id, html] of Object.entries(tasks)) {
      const element = document.getElementById(id);
      if (element) swap(element, html);
    }
    const wrong = this.form.querySelectorAll('.fld-wrong, .clash').length;
    if (!this.dirty.size && !wrong) drop(this.form);
    this.tell(wrong ? 'savedExcept' : 'saved', { time: at, n: wrong });
  }

  // What the server now holds is what the next save is compared with.
  settle(name, value) {
    const list = [value].flat().map(String);
    this.was.set(name, list);
    const old = controls(this.form, `was-${name}`);
    old[0]?.before(...(list.length ? list : ['']).map((one) => make('input', { type: 'hidden', name: `was-${name}`, value: one, autocomplete: 'off' })));
    for (const input of old) input.remove();
  }

  clash(name, { value, shown }) {
    const field = question(this.form, name);
    field?.querySelector('.clash')?.remove();
    const mine = make('button', { class: 'btn btn-plain', type: 'button' }, say('keepMine'));
    const theirs = make('button', { class: 'btn btn-plain', type: 'button' }, say('takeTheirs'));
    const box = make('div', { class: 'clash', role: 'alert' }, make('p', {}, say('conflict', { value: shown ?? [value].flat().join(say('and')) })), make('div', { class: 'do' }, mine, theirs));
    (field ?? this.form).append(box);
    const choose = (again) => { this.settle(name, value); box.remove(); again(); };
    mine.addEventListener('click', () => choose(() => { this.dirty.add(name); this.save(); }));
    theirs.addEventListener('click', () => choose(() => fill(this.form, name, value)));
  }

  fail(problem) {
    const wait = RETRIES[Math.min(this.tries, RETRIES.length - 1)];
    this.tries += 1;
    this.tell('unsaved', {}, problem);
    if (problem instanceof Lost && problem.message !== 'signed out') this.later(wait * 1000);
  }

  tell(key, words = {}, problem = undefined) {
    if (!this.place) return;
    this.place.classList.toggle('is-wrong', key === 'unsaved');
    this.place.replaceChildren(shape({ saving: 'st-doing', saved: 'st-done', savedExcept: 'st-error', unsaved: 'st-fix' }[key]), make('span', {}, say(key, words)));
    if (key !== 'unsaved') return;
    const retry = make('button', { type: 'button' }, say('retry'));
    retry.addEventListener('click', () => this.save());
    this.place.append(retry);
    const why = problem instanceof Lost ? problem.message === 'offline' && say('offline') : problem?.message;
    if (why) this.place.append(make('span', { class: 'weak' }, why));
  }
}

const start = (root) => { for (const form of root.querySelectorAll('form[data-autosave]')) form.saver ??= new Saver(form); };
start(document);
document.addEventListener('htmx:load', ({ target }) => start(target));
