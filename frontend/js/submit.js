// One press, one submit: the buttons of a form rest after it, and wake when somebody comes back to the page.
const buttons = (form) => [...form.elements].filter((e) => e.type === 'submit');

function rest(form, resting) {
  for (const button of buttons(form)) {
    if (resting && button.disabled) continue;
    if (!resting && !button.hasAttribute('aria-busy')) continue;
    button.disabled = resting;
    button.toggleAttribute('aria-busy', resting);
    if (resting) button.setAttribute('aria-busy', 'true');
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || form.target === '_blank') return;
  setTimeout(() => rest(form, true));              // after the pressed button's name and value are taken
  setTimeout(() => rest(form, false), 15000);      // the answer may have been a download
});
window.addEventListener('pageshow', () => { for (const form of document.forms) rest(form, false); });
