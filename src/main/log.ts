import fs from 'node:fs';
import path from 'node:path';

const KEPT_BYTES = 2 ** 20;

/** Appends to `logs/<name>.log` below the user's data; one older file is kept beside it. What cannot be written is dropped. */
export class LogFile {
  readonly #stream: fs.WriteStream | null;

  constructor(userData: string, name: string) {
    this.#stream = openLog(path.join(userData, 'logs'), name);
  }

  write(text: string): void {
    this.#stream?.write(text);
  }

  line(text: string): void {
    this.write(`${new Date().toISOString()} ${text}\n`);
  }
}

/** Null where there can be none: a full disk or a locked folder must not end the program for want of a log. */
function openLog(folder: string, name: string): fs.WriteStream | null {
  try {
    const file = path.join(folder, `${name}.log`);
    fs.mkdirSync(folder, { recursive: true });
    const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > KEPT_BYTES) fs.renameSync(file, `${file}.old`);
    return fs.createWriteStream(file, { flags: 'a' }).on('error', (error) => console.error(error));
  } catch (error) {
    console.error(error);
    return null;
  }
}
