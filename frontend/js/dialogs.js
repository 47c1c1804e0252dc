// A link to #id opens that dialog over the page; without this it is a section reached by its address.
document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-dialog]');
  const box = opener && document.getElementById(opener.dataset.dialog);
  if (box?.showModal) {
    event.preventDefault();
    box.showModal();
  }
  const open = event.target.closest('dialog[open]');
  if (open && event.target.closest('[data-close]')) {
    event.preventDefault();
    open.close();
  }
});
