/** Measured confidence: thresholds, what they promise, and the curves. Numbers come formatted. */
export const confidence = {
  /** In the set-up of a batch. */
  reject: 'Reject',
  nothing: 'Nothing: every digit counts as done.',
  nothingShort: 'Nothing',
  set: 'Threshold…',
  change: 'Change…',
  below: (threshold: string) => `confidence below ${threshold}`,
  expected: (error: string, rejected: string) => `${error} errors, ${rejected} rejected`,
  title: 'Which digits are rejected',
  close: 'Close',
  toggle: 'Set the threshold',
  againTitle: (batch: string) => `Classify “${batch}” again`,
  rejectNothing: 'Reject nothing',
  /** Beside a share of the probability. */
  noDigit: 'no digit',
  rejectNonDigits: 'Reject what is no digit',

  slider: 'Threshold on the error-reject curve',
  hint: 'Drag in the chart, press the arrow keys in it, or type a limit.',
  axisX: (rejected: string) => `${rejected} rejected`,
  xName: 'rejected →',
  yName: '↑ errors among the accepted',
  measured: 'measured',
  bound: '95 % bound',
  chosen: 'chosen',
  at: (threshold: string, error: string, rejected: string) =>
    `threshold ${threshold}: ${error} errors among the accepted, ${rejected} rejected`,
  curveSummary: (points: number, from: string, to: string, rejected: string) =>
    `Error-reject curve of ${points} points: from ${from} errors with nothing rejected to ${to} with ${rejected} rejected.`,

  fields: {
    maxError: 'Errors, at most',
    maxRejected: 'Rejected, at most',
    threshold: 'Threshold',
  },
  fieldInvalid: { percent: 'A number from 0 to 100.', share: 'A number from 0 to 1.' },

  promise: {
    title: 'What this rests on',
    counted: (digits: string, of: string, rejected: string, accepted: string, errors: string) =>
      `Measured on ${digits} ${of}: ${rejected} rejected, ${accepted} accepted, ${errors} of these read wrong.`,
    unseen: 'The model was not trained with them.',
    lower: 'Between two points of the curve: these are the counts at the next lower threshold.',
    bound: (bound: string) =>
      `By these counts, at most ${bound} of the accepted digits are read wrong, with 95 % certainty.`,
    few: (errors: number, shown: string) =>
      `That is ${shown} ${errors === 1 ? 'error' : 'errors'}, so chance has a large part in the measured share: go by the bound.`,
    limits:
      'It holds for digits like those: another hand, scanner or way of cutting may bring more errors. And the threshold is chosen by the digits it was counted on, which flatters it a little.',
    none: 'This model’s confidences were never measured: a threshold can be set, but nothing is promised for it.',
    perfect: 'None of these digits was read wrong: there is no error that a threshold would take away.',
  },

  /** On a batch. */
  outcome: {
    label: 'Threshold of this batch',
    threshold: 'Rejected below',
    error: 'Errors among the accepted',
    rejected: 'Rejected',
    promised: (share: string) => `${share} measured`,
    promisedBound: (share: string, bound: string) => `${share} measured, bound ${bound}`,
    nothingPromised: 'nothing promised',
    noLabels: 'none of them labelled',
    of: (count: string) => `of ${count} labelled`,
    ofRead: (count: string) => `of ${count} digits`,
    above: '▲ above the bound',
    kept: '✓ within the bound',
    nothing: 'Nothing was rejected: every digit counts as done.',
    wish: {
      maxError: (share: string) => `for at most ${share} errors`,
      maxRejected: (share: string) => `for at most ${share} rejected`,
      threshold: 'set as such',
    },
  },
  /** A batch whose digits are unlike those that its model was measured on. */
  unlike: {
    title: 'Unlike the digits that it was measured on',
    lessSure: (distance: string) => `the model is less sure (distributions differ by ${distance})`,
    moreSure: (distance: string) => `the model is more sure (distributions differ by ${distance})`,
    lessInk: (distance: string) => `less ink (by ${distance})`,
    moreInk: (distance: string) => `more ink (by ${distance})`,
    how: (ways: string) => `– ${ways}.`,
    worth: 'The measured shares do not hold here: expect more errors among the accepted.',
    label: 'Label some of the accepted digits in Review: what is counted there holds.',
    counted: (bound: string, count: string) =>
      `By the ${count} accepted digits with a label, at most ${bound} are read wrong, with 95 % certainty: go by that.`,
  },
  /** On the Models page. */
  model: {
    reliability: 'Reliability',
    reliabilityNote: (fewest: string) => `right, by how sure it is; ranges of ${fewest} digits or more`,
    reliabilityX: 'confidence →',
    reliabilityY: '↑ right',
    before: 'before',
    after: 'calibrated',
    ideal: 'as sure as right',
    atConfidence: (share: string) => `confidence ${share}`,
    summary: (before: string, after: string) =>
      `Reliability plot: calibration error ${before} before, ${after} after calibration.`,
    curve: 'Errors and rejects',
    curveNote: 'what a threshold does',
    figures: 'Measured confidence',
    digits: 'Measured on',
    temperature: 'Temperature',
    temperatureNote: { cooler: 'it was too sure', warmer: 'it was not sure enough' },
    calibration: 'Calibration error',
    calibrationBefore: (share: string) => `${share} before`,
    atRejected: (share: string) => `Errors at ${share} rejected`,
    boundOf: (share: string) => `bound ${share}`,
    none: 'Confidence not measured',
    noneText:
      'How sure this model is was never compared with how often it is right, so no limit on errors can be set with it. It can be measured on labelled digits; training does it by itself when it sets validation digits aside.',
  },
  /** In the list of batches. */
  rejectedBelow: (count: string, threshold: string) => `${count} rejected below ${threshold}`,
};
