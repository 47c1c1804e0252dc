// Where one is stands in sight, however many rooms the strip has; open menus close when somebody goes on elsewhere.
const here = document.querySelector('.rooms [aria-current]');
if (here) {
  const strip = here.parentElement;
  const [seen, mine] = [strip, here].map((element) => element.getBoundingClientRect());
  if (mine.right > seen.right) strip.scrollLeft += mine.left - seen.left - (seen.width - mine.width) / 2;
}

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
