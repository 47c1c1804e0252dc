// What a form holds, name by name; the parts of a question drawn by the field tag.
export const isPrivate = (control) => control.type === 'password' || control.type === 'file' || control.type === 'hidden'
  || control.autocomplete === 'one-time-code' || control.hasAttribute('data-private');

export const isField = (control) => Boolean(control.name) && !['submit', 'button', 'reset', 'image'].includes(control.type) && control.tagName !== 'FIELDSET';

export const controls = (form, name) => [...form.elements].filter((c) => c.name === name);

export function values(form, name) {
  return controls(form, name)
    .filter((c) => (c.type !== 'checkbox' && c.type !== 'radio') || c.checked)
    .flatMap((c) => (c.multiple && c.options ? [...c.selectedOptions].map((o) => o.value) : [c.value]));
}

export function fill(form, name, wanted) {
  const list = [wanted].flat().map(String);
  for (const control of controls(form, name)) {
    if (control.type === 'checkbox' || control.type === 'radio') control.checked = list.includes(control.value);
    else if (control.multiple && control.options) for (const option of control.options) option.selected = list.includes(option.value);
    else control.value = list[0] ?? '';
  }
}

export const question = (form, name) => form.querySelector(`.fld[data-field="${CSS.escape(name)}"]`);

export function showError(form, name, message) {
  const field = question(form, name);
  const place = field?.querySelector('.fld-error');
  if (!place) return;
  field.classList.toggle('fld-wrong', Boolean(message));
  place.hidden = !message;
  place.querySelector('span').textContent = message ?? '';
  for (const control of controls(form, name)) control.setAttribute('aria-invalid', String(Boolean(message)));
}

export function showWarning(form, name, message) {
  const field = question(form, name);
  if (!field) return;
  field.querySelector('.fld-warning')?.remove();
  if (!message) return;
  const place = document.createElement('p');
  place.className = 'fld-warning';
  place.textContent = message;
  field.append(place);
}
