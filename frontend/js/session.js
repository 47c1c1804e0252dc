// The session may end while somebody types: sign in in another tab, come back, and the request goes out again.
import { make, meta, say } from './texts.js';

let waiting;

// Resolves when somebody is signed in again: once for all requests that were refused. Rejects when the box is closed.
export function renew() {
  waiting ??= ask().finally(() => { waiting = undefined; });
  return waiting;
}

// A page may have been open longer than its token: fetch a new one, and see whether it is still the same person.
export async function refreshTokens() {
  const answer = await fetch(meta('session'), { headers: { 'HX-Request': 'true' } });
  const { signed_in: signedIn, csrf, who } = await answer.json();
  const same = !who || !meta('who') || String(who) === meta('who');
  if (!signedIn || !same) return false;
  document.querySelector('meta[name="csrf"]')?.setAttribute('content', csrf);
  for (const input of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) input.value = csrf;
  return true;
}

function ask() {
  const word = make('p', { class: 'why', role: 'status' });
  const goOn = make('button', { class: 'btn btn-plain', type: 'button' }, say('goOn'));
  const box = make('dialog', { class: 'box', 'aria-labelledby': 'signed-out' },
    make('header', { class: 'box-head' }, make('h2', { id: 'signed-out' }, say('signedOut'))),
    make('div', { class: 'box-body' }, make('p', {}, say('signInHelp')), word),
    make('div', { class: 'box-foot' }, goOn, make('a', { class: 'btn btn-primary', href: meta('login'), target: '_blank' }, say('signIn'))));
  document.body.append(box);
  box.showModal();
  return new Promise((resolve, reject) => {
    const check = async (spoken) => {
      const back = await refreshTokens().catch(() => false);
      if (back) { resolve(); box.close(); } else if (spoken) word.textContent = say('stillOut');
    };
    const silently = () => document.visibilityState === 'visible' && check(false);
    goOn.addEventListener('click', () => check(true));
    document.addEventListener('visibilitychange', silently);
    box.addEventListener('close', () => {
      document.removeEventListener('visibilitychange', silently);
      box.remove();
      reject(new Error('signed out'));   // after resolve() this does nothing
    });
  });
}
