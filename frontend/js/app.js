// Every page works without this file; it saves typing, keeps it, and spares the waiting.
import './htmx.js';
import './autosave.js';
import './copy.js';
import './dialogs.js';
import './errors.js';
import './guard.js';
import './keys.js';
import './menus.js';
import './phrases.js';
import './plots.js';
import './refresh.js';
import './screen.js';
import './slots.js';
import './submit.js';
import './worklist.js';

document.documentElement.classList.add('js');
