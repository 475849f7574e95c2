/** Charts of the Data page: digits by class, ink and size. */
export const measures = {
  title: 'Digits',
  chart: 'Count by',
  charts: { class: 'Class', ink: 'Ink', side: 'Size' },
  ink: (from: string, to: string) => `${from}–${to} %`,
  inkAbove: (from: string) => `${from} % +`,
  side: (from: string) => `${from} px`,
  sides: (from: string, to: string) => `${from}–${to} px`,
  showBar: (name: string, count: string) => `Digits with ${name}: ${count}`,
  bar: (name: string, train: string, test: string) => `${name}: ${train} training, ${test} test`,
  noSize: 'The digits came as records of IDX files: there are no pictures to measure.',
  unmeasured: (count: number, shown: string) =>
    `${shown} ${count === 1 ? 'digit is' : 'digits are'} not measured, because the project is only looked at.`,
  chips: { ink: (name: string) => `Ink ${name}`, side: (name: string) => `Size ${name}` },
};
