/** Deciding about digits, and the record of who decided what. */
export const decide = {
  audit: {
    export: 'Record as CSV',
    exportTitle: 'Save who changed what, when and why, as CSV',
    file: 'changes',
    saved: (file: string) => `The record of changes is in ${file}.`,
  },
  reviewer: {
    title: 'Review',
    name: 'Your name',
    hint: 'Stands beside every change in the record. Left empty, it is the name you are logged in with.',
  },
};
