import fs from 'node:fs';
import path from 'node:path';

const KEPT_BYTES = 2 ** 20;

/** Appends to `logs/<name>.log` below the user's data; one older file is kept beside it. */
export class LogFile {
  readonly #stream: fs.WriteStream;

  constructor(userData: string, name: string) {
    const folder = path.join(userData, 'logs');
    const file = path.join(folder, `${name}.log`);
    fs.mkdirSync(folder, { recursive: true });
    if (fs.existsSync(file) && fs.statSync(file).size > KEPT_BYTES) fs.renameSync(file, `${file}.old`);
    this.#stream = fs.createWriteStream(file, { flags: 'a' });
    // A full disk must not end the program for want of a log.
    this.#stream.on('error', (error) => console.error(error));
  }

  write(text: string): void {
    this.#stream.write(text);
  }

  line(text: string): void {
    this.write(`${new Date().toISOString()} ${text}\n`);
  }
}
