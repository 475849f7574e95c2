import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeNonDigits } from './non-digits.mjs';
import { root, studio } from './studio.mjs';

/**
 * `npm run figures:rejects`: what share of pictures that are no digits is refused when 1 % of the validation digits is rejected, by the threshold of the
 * confidence alone. Trains LeNet-5 with the default settings, reads the pictures with `classify`, writes docs/rejects.json and docs/rejects.md.
 */
const SEED = 1;
const EPOCHS = 5;
const COUNT = 500;
const LIMIT = '1%';

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'lenet-studio-rejects-'));
try {
  const model = path.join(work, 'model');
  const { testAccuracy } = studio(
    ...['train', '--data', 'mnist', '--epochs', String(EPOCHS), '--seed', String(SEED), '--out', model],
  );
  const digits = studio('evaluate', '--model', model, '--data', 'mnist', '--max-rejected', LIMIT);
  const kinds = await writeNonDigits(path.join(work, 'pictures'), COUNT, SEED);
  const rows = kinds.map((kind) => {
    const out = path.join(work, `${kind}.csv`);
    const read = studio(
      ...[
        'classify',
        path.join(work, 'pictures', kind),
        '--model',
        model,
        '--max-rejected',
        LIMIT,
        '--out',
        out,
      ],
    );
    if (read.files !== COUNT) throw new Error(`${read.files} of ${COUNT} pictures were read`);
    const { failed: unread, rejected, classified: accepted } = read;
    return { kind, unread, rejected, accepted, refused: (unread + rejected) / COUNT };
  });
  const figures = {
    command: 'npm run figures:rejects',
    seed: SEED,
    epochs: EPOCHS,
    testAccuracy,
    threshold: digits.threshold,
    promise: digits.promise,
    testDigits: { count: digits.count, accepted: digits.accepted, errors: digits.errors },
    pictures: COUNT,
    rows,
  };
  fs.writeFileSync(path.join(root, 'docs', 'rejects.json'), `${JSON.stringify(figures, null, 2)}\n`);
  fs.writeFileSync(path.join(root, 'docs', 'rejects.md'), document(figures));
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

function document({ testAccuracy, threshold, promise, testDigits, rows }) {
  const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
  const rejected = (testDigits.count - testDigits.accepted) / testDigits.count;
  const cells = rows.map(
    ({ kind, unread, rejected, accepted, refused }) =>
      `| ${kind} | ${unread} | ${rejected} | ${accepted} | ${percent(refused)} |`,
  );
  return `# What is refused at ${LIMIT.replace('%', ' %')} rejected digits

Written by \`npm run figures:rejects\`. LeNet-5 with the default settings, seed ${SEED}, ${EPOCHS} epochs of MNIST: ${percent(testAccuracy, 2)} of the test digits. The threshold, confidence below
${threshold.toFixed(4)}, rejects ${percent(promise.rejected, 2)} of the ${promise.digits} validation digits; of the ${testDigits.count} test digits it rejects ${percent(rejected, 2)}, and ${testDigits.errors} of the ${testDigits.accepted} accepted ones are
read wrong. ${COUNT} pictures of each kind were read as files, by \`classify --max-rejected ${LIMIT}\`. There is no reject class: the threshold of the confidence works alone, and
before it the reader, which gives up where it finds no ink.

| picture | no digit found | rejected | accepted as a digit | refused |
| --- | --- | --- | --- | --- |
${cells.join('\n')}

Letters are A, E, F, H, K, M, N, R, T, W, X and Y, drawn with strokes; digits are those of MNIST's test part.
A threshold of the confidence alone is no guard against what is no digit: a softmax over ten classes has to choose one.
`;
}
