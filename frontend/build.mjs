// frontend/ → frontend/dist: app.css, app.js, charts.js, the fonts, one sprite of icons and shapes, the seal.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import * as sass from 'sass';

const here = new URL('.', import.meta.url);
const out = new URL('dist/', here);
const packages = new URL('../node_modules/', here);
const read = (path, base = here) => readFile(new URL(path, base), 'utf8');

const scss = {
  name: 'scss',
  setup({ onLoad }) {
    onLoad({ filter: /\.scss$/ }, ({ path }) => ({
      loader: 'css',
      contents: sass.compile(path, { loadPaths: [packages.pathname], quietDeps: true, silenceDeprecations: ['import'] }).css,
    }));
  },
};

async function sprite() {
  const names = JSON.parse(await read('icons.json'));
  const symbols = await Promise.all(names.map(async (name) => {
    const svg = await read(`@tabler/icons/icons/outline/${name}.svg`, packages);
    const drawn = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="0 0 24 24"><g fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${drawn}</g></symbol>`;
  }));
  const shapes = (await read('shapes.svg')).replace(/<!--.*?-->/gs, '').replace(/\n\s*/g, '');
  return shapes.replace('</svg>', `${symbols.join('')}</svg>\n`);
}

// A class of ours that Tabler also owns would be drawn by both: that has bitten us, so it fails the build.
async function collisions() {
  const classes = (css) => new Set([...css.replace(/\/\*.*?\*\//gs, '').matchAll(/\.(-?[a-z][\w-]*)(?=[^{}]*\{)/gi)].map((m) => m[1]));
  const theirs = classes(await read('@tabler/core/dist/css/tabler.css', packages));
  const wanted = /^(btn|btn-primary|table|form-(control|select|label|check-input)|visually-hidden)$/;
  const files = (await readdir(new URL('css/', here))).filter((file) => file.endsWith('.css') && file !== 'app.css');
  const ours = await Promise.all(files.map((file) => read(`css/${file}`)));
  const both = [...classes(ours.join('\n'))].filter((name) => theirs.has(name) && !wanted.test(name));
  if (both.length) throw new Error(`classes that Tabler owns: ${both.join(', ')}`);
}

// An icon that is not in the sprite would be an empty hole.
async function holes(symbols) {
  const folder = new URL('../templates/', here);
  const pages = (await readdir(folder, { recursive: true }).catch(() => [])).filter((file) => file.endsWith('.html'));
  const used = (await Promise.all(pages.map((file) => read(file, folder)))).join('').matchAll(/icon[ =]"([\w-]+)"/g);
  const missing = [...new Set([...used].map((m) => m[1]))].filter((name) => !symbols.includes(`id="${name}"`));
  if (missing.length) throw new Error(`icons that frontend/icons.json does not name: ${missing.join(', ')}`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await collisions();
await build({
  bundle: true,
  minify: true,
  target: ['chrome99', 'firefox102', 'safari15'],
  outdir: out.pathname,
  entryPoints: [['js/app.js', 'app'], ['charts.js', 'charts'], ['css/app.css', 'app']].map(([from, to]) => ({ in: new URL(from, here).pathname, out: to })),
  assetNames: 'fonts/[name]',
  loader: { '.woff2': 'file' },
  plugins: [scss],
  legalComments: 'linked',
  logLevel: 'warning',
});
const symbols = await sprite();
await holes(symbols);
await writeFile(new URL('icons.svg', out), symbols);
await copyFile(new URL('favicon.svg', here), new URL('favicon.svg', out));
