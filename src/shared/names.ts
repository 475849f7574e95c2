/** The last name of a folder as shown, with a number behind it where something has that name already. */
export function nameFromFolder(folder: string, taken: readonly string[]): string {
  const last = folder.split(/[\\/]/).findLast((part) => part.trim() !== '') ?? folder;
  const stem = last.trim().slice(0, 110);
  const names = new Set(taken);
  let name = stem;
  for (let count = 2; names.has(name); count++) name = `${stem} ${count}`;
  return name;
}
