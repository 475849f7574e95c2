/** One clear line per step, and errors that name the step, the cause and the way out. */
const started = Date.now();

export class SetupError extends Error {
  /** @param {string} step @param {string} cause @param {string} wayOut */
  constructor(step, cause, wayOut) {
    super(`${step}: ${cause}`);
    this.name = 'SetupError';
    this.step = step;
    this.cause = cause;
    this.wayOut = wayOut;
  }
}

/** @param {string} step @param {string} text */
export function say(step, text) {
  process.stderr.write(`${line(step, text)}
`);
}

function line(step, text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
  return `[${seconds} s] ${step.padEnd(11)} ${text}`;
}

/**
 * Says from time to time how far a step is: on a terminal one line that is rewritten, elsewhere a line every ten seconds.
 * @param {string} step @param {() => string} text @returns {() => void} ends it
 */
export function showProgress(step, text) {
  const { isTTY } = process.stderr;
  const timer = setInterval(
    () => (isTTY ? process.stderr.write(`\r\x1b[K${line(step, text())}`) : say(step, text())),
    isTTY ? 500 : 10_000,
  );
  return () => {
    clearInterval(timer);
    if (isTTY) process.stderr.write('\r\x1b[K');
  };
}

/** Disk full and permission trouble read the same in every step. */
export function explain(step, error) {
  if (error instanceof SetupError) return error;
  const code = error?.code;
  if (code === 'ENOSPC')
    return new SetupError(
      step,
      'the disk is full',
      'Free 4 GB and run the command again; it goes on from here.',
    );
  if (code === 'EACCES' || code === 'EPERM')
    return new SetupError(
      step,
      `no permission: ${error.message}`,
      'Make the folder writable, or name another cache with LENET_STUDIO_CACHE=<folder>.',
    );
  return new SetupError(
    step,
    error?.message ?? String(error),
    'Run the command again; if it fails again, report this line.',
  );
}

/** Prints the error as three lines. */
export function tell(error) {
  const e = explain('set-up', error);
  process.stderr.write(`\nSet-up stopped at: ${e.step}\n  Cause:   ${e.cause}\n  Way out: ${e.wayOut}\n`);
}

/** The same, and ends the process. */
export function fail(error) {
  tell(error);
  process.exit(1);
}
