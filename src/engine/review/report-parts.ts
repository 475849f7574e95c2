import sharp from 'sharp';
import type { DigitRow } from '../../shared/contract/index.ts';
import { TILE_BYTES, TILE_SIDE } from '../../shared/domain.ts';
import type { Formats, Messages } from '../../shared/messages/index.ts';
import { escaped } from '../../shared/models/svg.ts';
import type { Db } from '../project/sqlite.ts';
import { digitPage, type ParsedDigitQuery } from './page.ts';

/** Pictures of a kind at most. */
const PICTURES = 200;

/** A row of a table, headed by its first cell. */
export const row = (cells: readonly string[]): string =>
  `<tr><th scope="row">${escaped(cells[0]!)}</th>${cells
    .slice(1)
    .map((cell) => `<td>${escaped(cell)}</td>`)
    .join('')}</tr>`;

export const head = (cells: readonly string[]): string =>
  `<thead><tr>${cells.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')}</tr></thead>`;

/** The digits of a query as pictures under a title with their count; empty where there are none. */
export async function digitsSection(
  db: Db,
  query: ParsedDigitQuery,
  title: (count: string) => string,
  caption: (row: DigitRow) => string,
  words: Messages['report'],
  format: Formats,
): Promise<string> {
  const { total, rows, pixels } = digitPage(db, query, 0, PICTURES);
  if (total === 0) return '';
  const shown = await Promise.all(
    rows.map(async (row, index) => {
      const tile = pixels.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES);
      const png = await sharp(tile, { raw: { width: TILE_SIDE, height: TILE_SIDE, channels: 1 } })
        .png()
        .toBuffer();
      const text = caption(row);
      return `<figure><img alt="${escaped(text)}" src="data:image/png;base64,${png.toString('base64')}"><figcaption>${escaped(text)}</figcaption></figure>`;
    }),
  );
  const note =
    total > rows.length
      ? `<p>${escaped(words.first(format.count(rows.length), format.count(total)))}</p>`
      : '';
  return `<h2>${escaped(title(format.count(total)))}</h2>${note}<div class="digits">${shown.join('')}</div>`;
}
