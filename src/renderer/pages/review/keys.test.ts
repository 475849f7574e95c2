import { describe, expect, it } from 'vitest';
import { actionOf } from './keys.ts';

const press = (key: string, code = '', more: Partial<KeyboardEvent> = {}) => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
});

describe('digits', () => {
  it.each([
    ['7', 'Digit7', {}, 7],
    ['0', 'Numpad0', {}, 0],
    ['&', 'Digit1', {}, 1], // French layout
    ['1', 'Digit1', { shiftKey: true }, 1], // French layout, Shift
    ['Process', 'Digit4', { isComposing: true }, 4], // a Chinese input method is on
  ])('%s (%s) labels', (key, code, more, digit) => {
    expect(actionOf(press(key, code, more), 'free')).toEqual({ kind: 'label', digit });
    expect(actionOf(press(key, code, more), 'control')).toEqual({ kind: 'label', digit });
  });
  it('does not take Shift+1 of a US layout, nor Home on a numeric pad', () => {
    expect(actionOf(press('!', 'Digit1', { shiftKey: true }), 'free')).toBeNull();
    expect(actionOf(press('Home', 'Numpad7'), 'free')).toBeNull();
  });
});

it('leaves a field all its keys', () => {
  for (const key of ['7', 'Enter', 'z', 'ArrowLeft', 'Delete', 'Escape'])
    expect(actionOf(press(key), 'field')).toBeNull();
});

it('leaves shortcuts with Ctrl, Cmd and Alt to the window', () => {
  for (const held of ['ctrlKey', 'metaKey', 'altKey']) {
    expect(actionOf(press('z', 'KeyZ', { [held]: true }), 'free')).toBeNull();
    expect(actionOf(press('7', 'Digit7', { [held]: true }), 'free')).toBeNull();
  }
});

it('leaves what commands do to them, whose keys can be changed', () => {
  for (const key of ['Enter', ' ', 'z', 'r']) expect(actionOf(press(key), 'free')).toBeNull();
});

it.each([
  ['ArrowRight', { kind: 'move', by: 1 }],
  ['ArrowUp', { kind: 'move', by: -1 }],
  ['Delete', { kind: 'clear' }],
  ['Escape', { kind: 'unfilter' }],
])('%s', (key, action) => expect(actionOf(press(key), 'free')).toEqual(action));
