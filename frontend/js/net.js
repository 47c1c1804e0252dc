// One way to the server for everything that is not a whole page: token, HX-Request, and the session that may have ended.
import { refreshTokens, renew } from './session.js';
import { meta } from './texts.js';

export const token = (form) => form?.querySelector?.('[name="csrfmiddlewaretoken"]')?.value || meta('csrf');

export class Lost extends Error {}   // no answer, or the server is down: try again later

export async function send(url, { method = 'GET', body, form, headers = {} } = {}) {
  let renewed = false;
  for (;;) {
    const answer = await fetch(url, {
      method,
      body: body?.(),
      headers: { 'HX-Request': 'true', 'X-CSRFToken': token(form), ...headers },
    }).catch(() => { throw new Lost('offline'); });
    if (answer.status === 401) {
      answer.body?.cancel();
      await renew().catch(() => { throw new Lost('signed out'); });
    } else if (answer.status === 403 && method !== 'GET' && !renewed && await refreshTokens().catch(() => false)) {
      renewed = true;   // signed in again in another tab: the old token was refused
    } else if (answer.status >= 500) {
      throw new Lost(String(answer.status));
    } else {
      return answer;
    }
  }
}
