import { expect, it } from 'vitest';
import { notify, toasts } from './toasts.svelte.ts';

it('what is said again, or about the same, takes the place of what was said before', () => {
  notify('Saved', 'good');
  notify('Undone: 7 to 2', 'plain', undefined, 'undo');
  notify('Nothing to undo.', 'plain', undefined, 'undo');
  notify('Saved', 'good');
  expect(toasts.list.map(({ text }) => text)).toEqual(['Nothing to undo.', 'Saved']);
});
