// Ready sentences of an opinion: pressing puts one in, pressing again takes it out; the text stays free to edit.
document.addEventListener('click', ({ target }) => {
  const button = target.closest('[data-phrase]');
  const area = button && document.getElementById(button.closest('.phrases').dataset.into);
  if (!area) return;
  const { phrase } = button.dataset;
  const inside = area.value.includes(phrase);
  area.value = inside ? area.value.replace(phrase, '') : `${area.value}${phrase}`;
  button.setAttribute('aria-pressed', String(!inside));
  area.dispatchEvent(new Event('input', { bubbles: true }));
});
