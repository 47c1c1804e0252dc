// The sentences stand in the page, in its language.
const block = document.getElementById('texts');
const texts = block ? JSON.parse(block.textContent) : {};

export const say = (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

export function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

export const shape = (name) => {
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${meta('icons')}#${name}`);
  drawn.setAttribute('class', 'shape');
  drawn.setAttribute('aria-hidden', 'true');
  drawn.append(use);
  return drawn;
};

export const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? '';
