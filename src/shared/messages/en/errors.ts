import type { FitIssue } from '../../models/fit.ts';
import { errorReason, fitText, type ErrorMessages } from '../explain.ts';
import { fit } from './fit.ts';
import { reasons } from './reasons.ts';

/** For every error: what happened, what was kept, what to do. */
export const errors: ErrorMessages = {
  'bad-request': () => ({
    what: 'The engine did not accept this request.',
    kept: 'Nothing was changed.',
    next: 'Check what was typed. If it happens again, restart the studio.',
  }),
  internal: ({ detail }) => ({
    what: `Something went wrong inside the studio: ${detail}`,
    kept: 'The project on disk is as it was.',
    next: 'Try again. If it happens again, restart the studio.',
  }),
  'no-project': () => ({
    what: 'No project is open.',
    kept: '',
    next: 'Open or create a project on the Home page.',
  }),
  'project-newer': ({ project, found, known }) => ({
    what: `The project ${project} was written by a newer studio (format ${found}; this one knows up to ${known}).`,
    kept: 'The project was not touched.',
    next: 'Open it with the newer version of the studio.',
  }),
  'project-damaged': ({ project, detail }) => ({
    what: `The project ${project} cannot be read: ${detail}`,
    kept: 'Its files were not changed.',
    next: 'Restore project.sqlite from a backup, or start a new project. The images are safe where they are.',
  }),
  'project-locked': ({ project }) => ({
    what: `The project ${project} is open in another studio.`,
    kept: 'Nothing was changed.',
    next: 'Close it there, then open it here.',
  }),
  'project-read-only': ({ project }) => ({
    what: `The project ${project} is open in another studio, so it can only be looked at here.`,
    kept: 'Nothing was changed.',
    next: 'Make the change there, or close it there and take it over here.',
  }),
  'project-not-found': ({ project }) => ({
    what: `There is no project in ${project}.`,
    kept: '',
    next: 'It may have been moved or renamed. Choose its folder again.',
  }),
  'project-exists': ({ project }) => ({
    what: `The folder ${project} already holds other files.`,
    kept: 'None of them was touched.',
    next: 'Choose an empty or new folder for the project.',
  }),
  'unknown-id': ({ kind }) => ({
    what: `What this asked for is no longer there (${kind}).`,
    kept: 'Nothing was changed.',
    next: 'It was probably removed. Choose another one.',
  }),
  'path-not-granted': () => ({
    what: 'The studio has no permission to use this folder or file any more.',
    kept: 'Nothing was changed.',
    next: 'Choose it again.',
  }),
  'folder-unreadable': ({ folder, detail }) => ({
    what: `The folder ${folder} cannot be read (${detail}).`,
    kept: 'What was read before is kept.',
    next: 'Check that it exists and that you may open it, then try again.',
  }),
  'folder-empty': ({ folder }) => ({
    what: `There is no file in ${folder}.`,
    kept: '',
    next: 'Choose a folder that holds images.',
  }),
  'nothing-to-resume': ({ folder }) => ({
    what: `The project holds no unfinished batch over ${folder}.`,
    kept: '',
    next: 'Classify the folder as a new batch: files that have not changed are taken over.',
  }),
  'view-exists': ({ name }) => ({
    what: `There is a view named “${name}” already.`,
    kept: 'Nothing was changed.',
    next: 'Choose another name, or rename the other view first.',
  }),
  'selection-changed': () => ({
    what: 'The digits in the grid are no longer those that were selected.',
    kept: 'Nothing was changed.',
    next: 'Select them again.',
  }),
  'too-many-digits': ({ count, most }) => ({
    what: `${count} digits are selected; one step changes at most ${most}.`,
    kept: 'Nothing was changed.',
    next: 'Filter the grid, or select a part and go on with the next.',
  }),
  'no-changes': () => ({
    what: 'There is nothing to keep, take back or add: no digit has changed.',
    kept: '',
    next: '',
  }),
  'no-labels': ({ name }) => ({
    what: `No digit of ${name} carries a label.`,
    kept: '',
    next: 'Training and testing need labels: import a folder with one sub-folder per digit, a CSV of labels or IDX files, or use MNIST.',
  }),
  'too-few-digits': ({ name, count, needed }) => ({
    what: `${name} has ${count} labelled digits; ${needed} are needed.`,
    kept: '',
    next: 'Import more labelled digits, or use a larger data set.',
  }),
  'confidence-not-measured': ({ model }) => ({
    what: `No error-reject curve was measured for ${model}: what a limit on errors or rejects asks for is not known.`,
    kept: '',
    next: 'Measure it on labelled digits (Models, Confidence; or `studio measure`), or give a threshold instead.',
  }),
  'error-limit-not-met': ({ model, limit, best, rejected, digits }) => ({
    what: `${model} cannot promise at most ${limit} % errors: on the ${digits} digits that it was measured on the best was ${best} %, with ${rejected} % rejected.`,
    kept: '',
    next: 'Allow more errors, or train a better model.',
  }),
  'data-damaged': ({ file, detail }) => ({
    what: `The data file ${file} is damaged: ${detail}`,
    kept: 'Nothing of it was imported.',
    next: 'Replace the file. The studio’s own MNIST comes back with its set-up.',
  }),
  'original-unreadable': ({ file, ...rest }) => ({
    what: `${file} cannot be shown: ${errorReason(reasons, rest)}.`,
    kept: 'The digit and its label are still there.',
    next: 'Look at the file where it lies.',
  }),
  'model-file-missing': ({ model, file }) => ({
    what: `The model ${model} lacks its file ${file}.`,
    kept: 'Results that it gave before are kept.',
    next: 'Put the file back, or choose another model.',
  }),
  'model-file-damaged': ({ model, file, detail }) => ({
    what: `The file ${file} of the model ${model} is damaged: ${detail}`,
    kept: 'Results that it gave before are kept.',
    next: 'Restore the file, or choose another model.',
  }),
  'model-wrong-shape': ({ model, tensor, expected, found }) => ({
    what: `In the model ${model}, ${tensor} has the shape ${found} instead of ${expected}.`,
    kept: 'Results that it gave before are kept.',
    next: 'Choose another model; this one is not a LeNet-5 of this studio.',
  }),
  'model-newer': ({ model, found, known }) => ({
    what: `The model ${model} was written by a newer studio (format ${found}; this one knows up to ${known}).`,
    kept: 'The model was not touched.',
    next: 'Use the newer version of the studio, or choose another model.',
  }),
  'model-format-unknown': ({ model, format }) => ({
    what: `The model ${model} cannot be taken over: ${format} says what it computes, not which layers it has.`,
    kept: 'Its files were not changed.',
    next: 'Save it as a layers model (model.save in TensorFlow.js), a plain chain of layers, or export it from a studio.',
  }),
  'layer-unsupported': ({ model, layer, setting, value }) => ({
    what: `The layer ${layer} of ${model} is like none of the studio’s: ${setting} is ${value}.`,
    kept: 'Its files were not changed, nothing was imported.',
    next: 'The user guide lists the layers that can be imported. Change this one, train again and save the model once more.',
  }),
  'compute-missing': ({ detail }) => ({
    what: `TensorFlow cannot be loaded: ${detail}`,
    kept: 'Everything else works; the project is safe.',
    next: 'Run the set-up of the studio again, or “studio doctor” to see what is missing.',
  }),
  'compute-stopped': ({ detail }) => ({
    what: `The computing process ended unexpectedly (${detail}).`,
    kept: 'Finished epochs and all rows read so far are kept.',
    next: 'Resume: it goes on where it stopped.',
  }),
  'disk-full': ({ file }) => ({
    what: `The disk is full; ${file} could not be written.`,
    kept: 'Everything written before is kept.',
    next: 'Free some space, then try again or resume.',
  }),
  'cannot-write': ({ file, detail }) => ({
    what: `${file} cannot be written (${detail}).`,
    kept: 'Nothing was changed there.',
    next: 'Choose another place, or check that you may write there.',
  }),
  'file-exists': ({ file }) => ({
    what: `${file} exists already.`,
    kept: 'It was not overwritten.',
    next: 'Choose another name.',
  }),
  'target-inside-source': ({ target, folder }) => ({
    what: `Class folders in ${target} would lie within the classified folder ${folder}, or around it.`,
    kept: 'No file was touched.',
    next: 'Choose a folder outside of it.',
  }),
  'manifest-unreadable': ({ file, detail }) => ({
    what: `${file} is no manifest that the studio can follow (${detail}).`,
    kept: 'No file was touched.',
    next: 'Choose the manifest that lies beside the class folders, as the studio wrote it.',
  }),
  'job-running': ({ title }) => ({
    what: `“${title}” is still running.`,
    kept: '',
    next: 'Wait until it is done, or stop it first.',
  }),
  'training-does-not-fit': (params) => ({
    ...fitText(fit, params as unknown as FitIssue),
    kept: 'No training was begun.',
  }),
  'normalisation-differs': ({ model, name }) => ({
    what: `“${model}” reads pictures otherwise than those of “${name}” were read when they were imported: ink, crop or deskew differ.`,
    kept: 'Nothing was changed.',
    next: 'Import the folder again with the settings of the model, or train a model with this data set.',
  }),
  'training-data-changed': ({ name }) => ({
    what: `This run cannot go on: digits or labels of “${name}” have changed since it began.`,
    kept: 'What it learnt so far is kept.',
    next: 'Undo those changes and resume, or train anew with the same settings.',
  }),
  'training-diverged': ({ epoch, step }) => ({
    what: `Training diverged in epoch ${epoch}, step ${step}: its loss or weights are no longer numbers.`,
    kept: epoch === 1 ? '' : 'The curve of the epochs before it is kept.',
    next: 'Train again with a lower learning rate.',
  }),
  cancelled: () => ({ what: 'Cancelled.', kept: 'What was done until then is kept.', next: '' }),
};
