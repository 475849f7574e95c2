/** The dialog that takes a model over; it stands once, beside the pages, and any of them opens it. */
export const modelImport = $state({ open: false });
