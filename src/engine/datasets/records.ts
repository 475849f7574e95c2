/** SQL: the place of `digit` in its IDX file; NULL where its file is a picture. Needs `digit`, `data_file` and `data_set`. */
export const RECORD = `IIF(data_set.kind = 'mnist' AND data_file.root IS NULL, digit.position, NULL)`;
