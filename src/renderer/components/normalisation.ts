import type { NormalisationChoice } from '../../shared/domain.ts';
import type { Formats, Messages } from '../../shared/messages/index.ts';

/** A way of reading pictures in a few words. */
export const normalisationText = (
  { polarity, crop, deskew }: NormalisationChoice,
  t: Messages['normalisation'],
  format: Pick<Formats, 'list'>,
): string =>
  format.list([t.polarities[polarity], crop ? t.cropped : t.whole, ...(deskew ? [t.upright] : [])]);

/** What of it is not as usual; empty when all is. */
export const unusualNormalisation = (
  { polarity, crop, deskew }: NormalisationChoice,
  t: Messages['normalisation'],
  format: Pick<Formats, 'list'>,
): string =>
  format.list([
    polarity === 'auto' ? '' : t.polarities[polarity],
    crop ? '' : t.whole,
    deskew ? t.upright : '',
  ]);
