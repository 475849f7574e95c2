import { Option } from 'commander';
import { polarities, usualNormalisation, type NormalisationChoice } from '../shared/domain.ts';
import { cli as words } from '../shared/messages/en/cli.ts';

/** As they come from the command line: without `--no-crop`, `crop` is true. */
export type NormalisationOptions = Partial<NormalisationChoice>;

/** How pictures are read. */
export const normalisationOptions = (): Option[] => [
  new Option(
    '--polarity <name>',
    words.withDefault(words.normalisation.polarity, usualNormalisation.polarity),
  ).choices(polarities),
  new Option('--no-crop', words.normalisation.noCrop),
  new Option('--deskew', words.normalisation.deskew),
];

/** What these options choose; what they do not say is as in another choice. */
export const saidNormalisation = (
  { polarity, crop, deskew }: NormalisationOptions,
  base: NormalisationChoice = usualNormalisation,
): NormalisationChoice => ({
  polarity: polarity ?? base.polarity,
  crop: base.crop && crop !== false,
  deskew: base.deskew || deskew === true,
});
