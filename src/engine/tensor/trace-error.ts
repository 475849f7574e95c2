/** A function that a graph cannot stand for; the message says why. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}
