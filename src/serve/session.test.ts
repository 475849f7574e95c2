import { describe, expect, it } from 'vitest';
import { Session } from './session.ts';

describe('Session', () => {
  it('gives a cookie for its token once', () => {
    const session = new Session();
    const cookie = session.exchange(session.token);
    expect(cookie).toMatch(/^[\w-]{40,}$/);
    expect(session.exchange(session.token)).toBeNull();
  });

  it('is not used up by a wrong token', () => {
    const session = new Session();
    expect(session.exchange('')).toBeNull();
    expect(session.exchange(new Session().token)).toBeNull();
    expect(session.exchange(session.token)).not.toBeNull();
  });

  it('admits its own cookie under its own name', () => {
    const session = new Session();
    const cookie = session.exchange(session.token)!;
    expect(session.admits(`a=b; studio-1=${cookie}`, 'studio-1')).toBe(true);
    expect(session.admits(`studio-2=${cookie}`, 'studio-1')).toBe(false);
    expect(session.admits(`studio-1=${cookie}x`, 'studio-1')).toBe(false);
    expect(session.admits('studio-1=', 'studio-1')).toBe(false);
    expect(session.admits(undefined, 'studio-1')).toBe(false);
  });
});
