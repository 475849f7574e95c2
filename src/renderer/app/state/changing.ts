import { text } from '../i18n.ts';
import { project } from './project.svelte.ts';
import { notify } from './toasts.svelte.ts';

/** Attributes of a control that changes the project, to spread last: where that is only looked at, it is disabled and says why. */
export const changing = (): { disabled?: true; title?: string } =>
  project.readOnly ? { disabled: true, title: text().shell.readOnly.refused } : {};

/** Whether a key or a drop may change the project now; says why it may not. */
export function mayChange(): boolean {
  if (project.readOnly) notify(text().shell.readOnly.refused);
  return !project.readOnly;
}
