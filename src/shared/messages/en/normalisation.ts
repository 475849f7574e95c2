/** How pictures become tiles, as a person chooses it. */
export const normalisation = {
  title: 'How pictures are read',
  hint: 'A model that is trained with these digits keeps this, and reads folders in the same way.',
  polarity: 'Ink',
  polarities: {
    auto: 'dark or light, found per picture',
    'dark-on-light': 'dark on light',
    'light-on-dark': 'light on dark',
  },
  crop: 'Crop to the ink',
  cropHint: 'Off: digits stay where they lie in their pictures, and as large.',
  deskew: 'Set slanted digits upright',
  cropped: 'cropped to the ink',
  whole: 'whole pictures',
  upright: 'set upright',
};
