import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeNonDigits } from './non-digits.mjs';
import { root, studio } from './studio.mjs';

/**
 * `npm run figures:rejects`: what share of pictures that are no digits is refused when 1 % of the validation digits is rejected, by the threshold of the
 * confidence alone and with a reject class. Trains LeNet-5 both ways, reads the pictures with `classify`, writes docs/rejects.json and docs/rejects.md.
 */
const SEED = 1;
/** Of the pictures; no setting was chosen by these. */
const PICTURES_SEED = 1998;
const EPOCHS = 5;
const SHARE = 0.2;
const COUNT = 500;
const LIMIT = '1%';

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'lenet-studio-rejects-'));
try {
  const pictures = path.join(work, 'pictures');
  const kinds = await writeNonDigits(pictures, COUNT, PICTURES_SEED);
  const figures = {
    command: 'npm run figures:rejects',
    ...{ seed: SEED, epochs: EPOCHS, pictures: COUNT },
    alone: measure('alone', 0, pictures, kinds),
    rejectClass: { nonDigits: SHARE, ...measure('class', SHARE, pictures, kinds) },
  };
  fs.writeFileSync(path.join(root, 'docs', 'rejects.json'), `${JSON.stringify(figures, null, 2)}\n`);
  fs.writeFileSync(path.join(root, 'docs', 'rejects.md'), document(kinds, figures));
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

function measure(name, share, pictures, kinds) {
  const model = path.join(work, name);
  const recipe = ['--epochs', EPOCHS, '--seed', SEED, '--non-digits', share].map(String);
  const { testAccuracy } = studio('train', '--data', 'mnist', ...recipe, '--out', model);
  const digits = studio('evaluate', '--model', model, '--data', 'mnist', '--max-rejected', LIMIT);
  const rows = kinds.map((kind) => {
    const out = path.join(work, `${name} ${kind}.csv`);
    const asked = ['--model', model, '--max-rejected', LIMIT, '--out', out];
    const read = studio('classify', path.join(pictures, kind), ...asked);
    if (read.files !== COUNT) throw new Error(`${read.files} of ${COUNT} pictures were read`);
    const { failed: unread, rejected, classified: accepted } = read;
    return { kind, unread, rejected, accepted, refused: (unread + rejected) / COUNT };
  });
  return {
    testAccuracy,
    threshold: digits.threshold,
    promise: digits.promise,
    testDigits: { count: digits.count, accepted: digits.accepted, errors: digits.errors },
    rows,
  };
}

function document(kinds, { alone, rejectClass }) {
  const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
  const both = [alone, rejectClass];
  const line = (name, of) => `| ${name} | ${both.map(of).join(' | ')} |`;
  const table = (head, lines) =>
    [`| ${head} | threshold alone | with a reject class |`, '| --- | --- | --- |', ...lines].join('\n');
  const refused = kinds.map((kind, at) => line(kind, ({ rows }) => percent(rows[at].refused)));
  const unread = alone.rows.filter((row) => row.unread > 0);
  return `# What is refused at ${LIMIT.replace('%', ' %')} rejected digits

Written by \`npm run figures:rejects\`. LeNet-5 with the default settings, seed ${SEED}, ${EPOCHS} epochs of MNIST, once as it is and once with a reject class:
non-digits made from the training digits, ${percent(SHARE, 0)} of their number (\`--non-digits ${SHARE}\`). The thresholds reject at most ${LIMIT.replace('%', ' %')} of the validation digits.

${table('digits', [
  line('threshold: confidence below', ({ threshold }) => threshold.toFixed(4)),
  line('validation digits rejected', ({ promise }) => percent(promise.rejected, 2)),
  line('test digits read right, none rejected', ({ testAccuracy }) => percent(testAccuracy, 2)),
  line('test digits rejected', ({ testDigits: { count, accepted } }) =>
    percent((count - accepted) / count, 2),
  ),
  line(
    'accepted test digits read wrong',
    ({ testDigits: { accepted, errors } }) => `${errors} of ${accepted}`,
  ),
])}

${COUNT} pictures of each kind were read as files, by \`classify --max-rejected ${LIMIT}\`. What share of them was refused:

${table('pictures', refused)}

Refused are those that the threshold rejects and those in which the reader finds no ink (${unread.map((row) => `${row.unread} of the kind “${row.kind}”`).join(', ')}).
Letters are A, E, F, H, K, M, N, R, T, W, X and Y, drawn with strokes. The reject class has seen no letter, but strokes at random; the pieces of digits that it has
seen come from training digits, those here from MNIST's test part. Some halves of a digit are digits: of a 1, or the ring of a 9.
`;
}
