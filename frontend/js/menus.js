// Open menus close when somebody goes on elsewhere.
const menus = () => document.querySelectorAll('details.who[open], details.burger[open], details.pick-many[open]');

document.addEventListener('click', ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});
