/** What pages need of the application's state, in one place to import from. */
export { Attempt } from './state/attempt.svelte.ts';
export { changing, mayChange } from './state/changing.ts';
export { onChanged, type Topic } from './state/changes.ts';
export { jobs } from './state/jobs.svelte.ts';
export { leaving } from './state/leaving.svelte.ts';
export { go, route, pageIds, type PageId } from './state/navigation.svelte.ts';
export { paneWidth } from './state/panes.svelte.ts';
export { forgetWithProject, project } from './state/project.svelte.ts';
export { preferences } from './state/preferences.svelte.ts';
export { removals } from './state/removals.svelte.ts';
export { Resource } from './state/resource.svelte.ts';
export { Saving } from './state/saving.svelte.ts';
export { notify } from './state/toasts.svelte.ts';
export { useCommands, useKeyHelp, type Command, type KeyHelp } from './keys/commands.svelte.ts';
