/** Rows of a CSV text as RFC 4180 has it, with LF. Throws where the text is none. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/y;
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (!found) throw new Error(`no CSV at character ${at}: ${JSON.stringify(text.slice(at, at + 60))}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2]!);
    if (found[3] === '\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
