import { format } from '../../app/i18n.ts';

/** A number of a network: four significant digits, very small ones by their power of ten. */
export function figure(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3)
    return value.toExponential(2).replace('-', '−').replace('e-', 'e−');
  return format.number(value).replace('-', '−');
}

/** In a pixel there is room for two digits behind the point. */
export const shortFigure = (value: number): string =>
  format.fixed(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2).replace('-', '−');
