import { jobs } from './jobs.svelte.ts';
import { project } from './project.svelte.ts';

/** The way out of the open project. What runs in it stops then, so the user is asked first. */
class Leaving {
  /** The question is on the screen. */
  asking = $state(false);
  #go = (): void => undefined;

  /** Puts another project, or none, in place of the open one: now, or once the user agreed. */
  ask(go: () => void): void {
    this.#go = go;
    this.asking = project.current !== null && jobs.running.length > 0;
    if (!this.asking) go();
  }

  agree(): void {
    this.asking = false;
    this.#go();
  }
}

export const leaving = new Leaving();
