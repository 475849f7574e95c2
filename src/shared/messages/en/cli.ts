import type { ErrorMessages } from '../explain.ts';

/** The command line's words. It speaks English only: programs read it too. */
export const cli = {
  about: 'Trains LeNet-5, classifies folders of scanned digits and measures the result, offline.',
  exitCodes: 'Exit codes: 0 done, 1 error, 2 wrong usage, 130 cancelled.',
  helpHint: 'Run with --help to see what it takes.',
  json: 'end standard output with one line of JSON',
  version: 'print the version',
  errorMark: 'error: ',
  kept: 'Kept:',
  next: 'What to do:',
  cancelled: 'Cancelled. Nothing was written.',

  badNumber: (range: string) => `It takes ${range}.`,
  wholeFrom: (low: number) => `a whole number, at least ${low}`,
  wholeRange: (low: number, high: number) => `a whole number from ${low} to ${high}`,
  range: (low: number, high: number) => `a number from ${low} to ${high}`,
  rangeAbove: (low: number, high: number) => `a number above ${low}, up to ${high}`,

  reading: (files: string) => `Reading digits: ${files} files`,
  badFiles: (count: number, shown: string) =>
    `${shown} ${count === 1 ? 'file' : 'files'} gave no digit and ${count === 1 ? 'is' : 'are'} left out.`,

  train: {
    about: 'train LeNet-5 and keep the best epoch as a model folder',
    data: 'digits to train with: mnist, or a folder with one sub-folder per digit (0 to 9), which may lie under train/ and test/',
    out: 'folder for the model',
    limit: 'train with so many digits only, drawn by the seed',
    force: 'replace a model that is in DIR already',
    parameters: {
      epochs: 'times that all training digits are seen',
      seed: 'of weights, order and validation digits; the same seed gives the same model',
      batchSize: 'digits per step',
      learningRate: 'of stochastic gradient descent',
      momentum: 'of stochastic gradient descent',
      validationShare: 'share of the training digits that chooses the best epoch',
      activation: 'of the hidden layers',
      pooling: 'of the two pooling layers',
    },
    step: (epoch: number, epochs: number, percent: string) => `Epoch ${epoch} of ${epochs}, ${percent}`,
    loss: (loss: string) => `loss ${loss}`,
    speed: (rate: string) => `${rate} digits/s`,
    left: (time: string) => `${time} left`,
    epoch: (epoch: number, epochs: number, loss: string, accuracy: string, validation: string | null) =>
      `Epoch ${epoch} of ${epochs}: loss ${loss}, accuracy ${accuracy}${validation === null ? '' : `, validation accuracy ${validation}`}`,
    done: (folder: string, epoch: number) => `Model ${folder}: epoch ${epoch} was the best.`,
    test: (accuracy: string, count: string) => `Test accuracy ${accuracy} on ${count} digits.`,
    noTest: 'No test digits: the model was not measured. Put some under test/0 to test/9.',
  },
  evaluate: {
    about: 'measure a model on labelled digits',
    model: 'model folder',
    data: 'labelled digits: mnist (its 10,000 test digits), or a folder with one sub-folder per digit; of train/ and test/ only test/ counts',
    progress: (done: string, total: string) => `Classified ${done} of ${total} digits`,
    done: (accuracy: string, count: string) => `Accuracy ${accuracy} on ${count} digits.`,
    confusion: 'Rows are labels, columns what the model read:',
  },
  classify: {
    about: 'classify every file of a folder into a CSV',
    folder: 'folder of images, with all its sub-folders',
    model: 'model folder',
    out: 'CSV to write; an earlier one of this command is replaced, no other file is',
    note: [
      'One line per file, in the order of the paths’ bytes:',
      '  path,digit,confidence,second,second_confidence,status,reason',
      'Files that cannot be read are rows too (failed, skipped) and no error. The folder is listed before the CSV is written: a CSV that',
      'goes into the folder is no row of its own run; one that lies there from before is a row like any other file.',
      'In names that are not UTF-8, the bytes that are not are written \\xHH and a backslash \\\\.',
    ].join('\n'),
    progress: (done: string, total: string, listed: boolean) =>
      `Classified ${done} of ${total} files${listed ? '' : ' found so far'}`,
    speed: (rate: string) => `${rate} files/s`,
    left: (time: string) => `${time} left`,
    done: (csv: string, files: string, time: string) => `${csv}: ${files} files in ${time}.`,
    counts: (classified: string, rejected: string, failed: string, skipped: string) =>
      `${classified} classified, ${rejected} rejected, ${failed} failed, ${skipped} skipped.`,
  },
  models: {
    about: 'list models, or show the card of one',
    folders: 'model folders, folders that hold some, or projects',
    columns: ['Model', 'Test accuracy', 'Epoch', 'Seed', 'Data', 'Made'],
    card: {
      name: 'Name',
      architecture: 'Architecture',
      trainable: (count: string) => `${count} trainable parameters`,
      made: 'Made',
      data: 'Data',
      split: (train: string, validation: string, test: string) =>
        `${train} training, ${validation} validation, ${test} test digits`,
      hash: 'Data hash',
      training: 'Training',
      parameters: {
        epochs: 'epochs',
        batchSize: 'batch size',
        learningRate: 'learning rate',
        momentum: 'momentum',
        validationShare: 'validation share',
        seed: 'seed',
        activation: 'activation',
        pooling: 'pooling',
      },
      best: 'Best epoch',
      bestOf: (best: number, epochs: number) => `${best} of ${epochs}`,
      validation: 'Validation accuracy',
      test: 'Test accuracy',
      speed: 'Speed',
      normalisation: 'Normalisation',
      polarity: {
        auto: 'either polarity',
        'dark-on-light': 'dark ink on light',
        'light-on-dark': 'light ink on dark',
      },
      engine: 'Made with',
      version: (version: number) => `version ${version}`,
      threads: (count: number, between: number) => `${count} + ${between} threads`,
    },
    unknown: '-',
  },
  doctor: {
    about: 'tell what is installed, and how to mend what is missing',
    node: 'Node',
    tensorflow: 'TensorFlow',
    electron: 'Electron',
    sqlite: 'SQLite',
    sharp: 'sharp',
    napi: '@napi-rs/image',
    mnist: 'MNIST',
    cache: 'Cache',
    ok: 'ok',
    missing: 'MISSING',
    engine: (version: string, folder: string) => `${version}, ${folder}`,
    threads: (version: string, intra: number, inter: number) =>
      `${version}, ${intra} ${intra === 1 ? 'thread' : 'threads'} within an operation, ${inter} between operations`,
    official: (version: string, file: string) => `${version}, official, ${file}`,
    standIn: (version: string, file: string) =>
      `${version}, STAND-IN from a third party’s package, past its end of life: for trying and testing only, ${file}`,
    chosen: (file: string) => `${file} (ELECTRON_OVERRIDE_DIST_PATH)`,
    notThere: 'not there',
    libvips: (version: string, vips: string) => `${version} with libvips ${vips}`,
    digits: (train: string, test: string) => `${train} training and ${test} test digits`,
    files: (count: number, files: string, size: string) =>
      `${files} ${count === 1 ? 'file' : 'files'}, ${size}`,
    noCache: (folder: string) => `${folder} is empty`,
    mend: 'Run npm run setup: it brings what is missing and goes on where it stopped.',
    mendOverride: 'Correct or unset ELECTRON_OVERRIDE_DIST_PATH.',
    good: 'All is there.',
  },
  serve: {
    about: 'serve the studio’s pages to a browser on this machine (for a machine without a display)',
    port: 'port on 127.0.0.1; any free one when left out',
    root: 'folder that the pages may read and keep a project in; may be repeated',
  },
};

/** What the window's sentences do not fit: nothing is kept here, and nothing to go on from. */
export const cliErrors: Partial<ErrorMessages> = {
  'folder-unreadable': ({ folder, detail }) => ({
    what: `The folder ${folder} cannot be read (${detail}).`,
    kept: '',
    next: 'Check that it exists and that you may open it, then run the command again.',
  }),
  'compute-stopped': ({ detail }) => ({
    what: `The computing process ended unexpectedly (${detail}).`,
    kept: 'Nothing was written.',
    next: 'Run the command again. If it happens again, see what “studio doctor” says.',
  }),
  'training-diverged': ({ epoch, step }) => ({
    what: `Training diverged in epoch ${epoch}, step ${step}: the loss is no longer a number.`,
    kept: 'No model was written.',
    next: 'Train again with a lower --learning-rate.',
  }),
  'model-file-missing': ({ model, file }) => ({
    what: `There is no model in ${model}: it has no ${file}.`,
    kept: '',
    next: 'Name a folder that “studio train” has written.',
  }),
  'file-exists': ({ file, wanted }) => ({
    what: `${file} exists already.`,
    kept: 'It was not touched.',
    next: `Name another --out, or remove it yourself. ${wanted === 'csv' ? 'Only a CSV that this command wrote is replaced' : '“studio train --force” replaces a model'}.`,
  }),
  internal: ({ detail }) => ({
    what: `Something went wrong inside the studio: ${detail}`,
    kept: '',
    next: 'Run the command again. If it happens again, see what “studio doctor” says.',
  }),
};
