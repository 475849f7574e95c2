import type { Drawing, Mark } from './drawing.ts';

/** Ink on paper: a saved drawing has colours of its own. */
const COLOURS = {
  paper: '#ffffff',
  line: '#5c6672',
  input: '#eef0f3',
  map: '#ffffff',
  vector: '#e3eefb',
  window: 'none',
  stroke: '#16191d',
  title: '#16191d',
  name: '#16191d',
  note: '#4d5763',
};
/** Size and weight of each kind of text, here and on the page. */
export const TEXT_STYLES = {
  title: { size: 15, weight: 650 },
  name: { size: 12.5, weight: 600 },
  note: { size: 11, weight: 400 },
} as const;

/** Without signs that mean something in XML, or that may not stand in it. */
export const escaped = (text: string): string =>
  Array.from(text, (sign) => {
    if ('&<>"'.includes(sign)) return `&#${sign.codePointAt(0)};`;
    return sign < ' ' && sign !== '\n' ? ' ' : sign;
  }).join('');

export const pointsText = (points: Extract<Mark, { kind: 'area' }>['points']): string =>
  points.map((point) => point.join(',')).join(' ');

function markText(mark: Mark): string {
  switch (mark.kind) {
    case 'area':
      return `<polygon points="${pointsText(mark.points)}" fill="${COLOURS[mark.tone]}" stroke="${COLOURS.stroke}"/>`;
    case 'line':
      return `<line x1="${mark.from[0]}" y1="${mark.from[1]}" x2="${mark.to[0]}" y2="${mark.to[1]}" stroke="${COLOURS.line}"/>`;
    case 'text': {
      const { size, weight } = TEXT_STYLES[mark.tone];
      const [x, y] = mark.at;
      return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${COLOURS[mark.tone]}">${escaped(mark.text)}</text>`;
    }
  }
}

/** A drawing as an SVG file that stands alone. */
export const svgText = ({ width, height, title, description, marks }: Drawing): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ` font-family="Inter, 'Noto Sans SC', system-ui, sans-serif" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${COLOURS.paper}"/>`,
    ...marks.map(markText),
    '</svg>\n',
  ].join('\n');
