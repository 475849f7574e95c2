/** The Home page. */
export const home = {
  welcome: 'Read handwritten digits, and know how sure you can be.',
  intro:
    'Train LeNet-5 on this machine, classify folders of scanned digits, and review the mistakes. Nothing leaves the machine.',
  sample: {
    title: 'Try it with MNIST',
    text: 'Makes a sample project with 70,000 handwritten digits, ready to train.',
    start: 'Try it with MNIST',
    starting: 'Making the sample project…',
  },
  create: {
    title: 'New project',
    text: 'A project is a plain folder: results, labels and models. Your images stay where they are.',
    name: 'Name',
    nameMissing: 'Give the project a name.',
    choose: 'Choose its folder…',
    folder: 'Folder',
    start: 'Create the project here',
    change: 'Change…',
    creating: 'Creating…',
  },
  open: {
    title: 'Open a project',
    text: 'One that was made here or on another machine: choose the folder that holds it.',
    choose: 'Open a project folder…',
  },
  recent: {
    title: 'Recent projects',
    opened: (time: string) => `opened ${time}`,
    missing: 'not found',
    forget: (name: string) => `Take ${name} off this list`,
    forgetHint: 'Takes it off this list. The folder stays.',
  },
  leave: {
    title: 'Stop what is running?',
    text: (jobs: string[]) =>
      `${jobs.map((job) => `“${job}”`).join(', ')} still ${jobs.length === 1 ? 'runs' : 'run'} in this project. Training and batches can be resumed when it is opened again; an import has to be started anew.`,
    confirm: 'Stop and leave the project',
  },
  current: {
    title: 'Open now',
    where: (folder: string, time: string) => `${folder}, made ${time}`,
    close: 'Close project',
    next: 'next',
    done: 'done',
    running: 'running',
    data: {
      title: 'Bring digits',
      none: 'Import MNIST, which is built in, or a folder of your own with one sub-folder per digit.',
      figure: (count: number): string => (count === 1 ? 'digit' : 'digits'),
      some: (sets: number, shown: string, labelled: string) =>
        `${shown} data ${sets === 1 ? 'set' : 'sets'}, ${labelled} digits with a label`,
      start: 'Import digits',
      more: 'Go to Data',
    },
    train: {
      title: 'Train a model',
      none: 'LeNet-5 on these digits. With MNIST it takes about a minute.',
      needs: 'Needs digits with labels.',
      figure: 'validation accuracy',
      some: (models: number, shown: string) => `${shown} ${models === 1 ? 'model' : 'models'}`,
      start: 'Train a model',
      more: 'Go to Train',
    },
    classify: {
      title: 'Classify a folder',
      none: 'Every file gets one row: its digit and how sure the model is, or why it could not be read.',
      needs: 'Needs a model.',
      figure: (count: number): string => (count === 1 ? 'file' : 'files'),
      some: (batches: number, shown: string, failed: string | null) =>
        `${shown} ${batches === 1 ? 'folder' : 'folders'}${failed === null ? '' : `, ${failed} failed`}`,
      start: 'Classify a folder',
      more: 'Go to Classify',
    },
    review: {
      title: 'Review the mistakes',
      none: 'Look at what was misread or doubtful, and correct labels by key.',
      needs: 'Needs a folder or a test set that was read.',
      figure: (count: number): string => (count === 1 ? 'digit to look at' : 'digits to look at'),
      some: (batch: string, misread: string, unlabelled: string) =>
        `“${batch}”: ${misread} misread, ${unlabelled} without a label`,
      clean: (batch: string) => `“${batch}”: every digit is read as its label.`,
      start: 'Review them',
      more: 'Go to Review',
    },
  },
};
