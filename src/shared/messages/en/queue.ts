/** Batches that are held, or wait for their turn. Numbers come formatted. */
export const queue = {
  pause: 'Pause',
  goOn: 'Go on',
  add: 'Add to the queue',
  again: 'Classify again',
  place: (place: string) => `queued, no. ${place}`,
  /** In the bar at the top. */
  count: (count: string) => `${count} queued`,
  waits: (place: string) => `No. ${place} in the queue. Begins when the work before it has ended.`,
  held: 'In the queue, which stands still: nothing computes now. The batches after this one follow by themselves.',
  begin: 'Begin now',
  leave: 'Take out of the queue',
  noFiles: 'The files appear here when it is the turn of this batch.',
  noDigits: 'This batch waits in the queue. Its digits appear here when it is its turn.',
};
