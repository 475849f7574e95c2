import { describe, expect, it } from 'vitest';
import type { KeyedCommand } from '../../app/keys/keys.ts';
import { isChanged, keyList, refusal, withKey } from './keyList.ts';

const palette: KeyedCommand = { id: 'palette', key: 'Mod+K', page: null };
const theme: KeyedCommand = { id: 'theme', key: null, page: null };
const importFolder: KeyedCommand = { id: 'data.import', key: 'O', page: 'data' };
const openProject: KeyedCommand = { id: 'home.open', key: 'O', page: 'home' };
const all = [palette, theme, importFolder, openProject];

describe('keys in the settings', () => {
  it('are listed once, those everywhere first', () => {
    expect(keyList([importFolder, palette], [importFolder, openProject])).toEqual([
      { page: null, commands: [palette] },
      { page: 'data', commands: [importFolder] },
      { page: 'home', commands: [openProject] },
    ]);
  });
  it('cannot be those that move the focus', () => {
    expect(refusal(theme, 'Tab', all, {})).toEqual({ kind: 'reserved' });
  });
  it('meet only where both can be pressed', () => {
    expect(refusal(openProject, 'Mod+K', all, {})).toEqual({ kind: 'conflict', with: palette });
    expect(refusal(theme, 'O', all, {})).toMatchObject({ kind: 'conflict' });
    expect(refusal(importFolder, 'N', all, {})).toBeNull();
    expect(refusal(openProject, 'O', all, {})).toBeNull();
  });
  it('are free again once the other command has another key', () => {
    expect(refusal(theme, 'Mod+K', all, { palette: 'Mod+P' })).toBeNull();
  });
  it('keep only what differs from the first keys', () => {
    const changed = withKey({ theme: 'T' }, palette, 'Mod+P');
    expect(changed).toEqual({ theme: 'T', palette: 'Mod+P' });
    expect(isChanged(palette, changed)).toBe(true);
    expect(withKey(changed, palette, 'Mod+K')).toEqual({ theme: 'T' });
    expect(withKey({}, palette, null)).toEqual({ palette: '' });
    expect(withKey({ theme: 'T' }, theme, null)).toEqual({});
  });
});
