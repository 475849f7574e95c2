type Rgb = readonly [red: number, green: number, blue: number];
type Theme = 'light' | 'dark';

/**
 * From the most negative value over 0 to the most positive: blue and orange, which every colour vision tells apart; the farther from 0,
 * the farther from the page's ground.
 */
const STOPS: Record<Theme, readonly Rgb[]> = {
  light: [
    [5, 54, 104],
    [64, 146, 208],
    [244, 245, 247],
    [232, 146, 72],
    [133, 46, 0],
  ],
  dark: [
    [196, 229, 255],
    [42, 122, 196],
    [22, 26, 32],
    [196, 98, 24],
    [255, 217, 168],
  ],
};

/** Of a value between -`limit` and `limit`; beyond them as at them. */
export function colourOf(theme: Theme, value: number, limit: number): Rgb {
  const stops = STOPS[theme];
  const middle = (stops.length - 1) / 2;
  const at = limit === 0 ? middle : middle * (1 + Math.max(-1, Math.min(1, value / limit)));
  const from = Math.min(stops.length - 2, Math.floor(at));
  const [low, high] = [stops[from]!, stops[from + 1]!];
  const mix = (part: 0 | 1 | 2): number => Math.round(low[part] + (high[part] - low[part]) * (at - from));
  return [mix(0), mix(1), mix(2)];
}

/** Relative luminance by WCAG 2.2. */
export function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Ink that is legible on such a ground. */
export const inkOn = (ground: Rgb): string => (luminance(ground) > 0.18 ? '#000' : '#fff');
