import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const secret = (): string => randomBytes(32).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const equal = (given: string, known: string): boolean => timingSafeEqual(digest(given), digest(known));

/** A token that is exchanged once for a cookie; whoever has the cookie is let in as long as the server runs. */
export class Session {
  /** Goes into the link. */
  readonly token = secret();
  readonly #cookie = secret();
  #used = false;

  /** The cookie's value for the token, the first time; null from then on and for any other token. */
  exchange(token: string): string | null {
    if (this.#used || !equal(token, this.token)) return null;
    this.#used = true;
    return this.#cookie;
  }

  /** Whether a `Cookie` header carries the session. `name` tells servers on several ports apart, which share their cookies. */
  admits(header: string | undefined, name: string): boolean {
    const prefix = `${name}=`;
    return (header ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .some((pair) => pair.startsWith(prefix) && equal(pair.slice(prefix.length), this.#cookie));
  }
}
