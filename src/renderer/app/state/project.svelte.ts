import type { ProjectInfo } from '../../../shared/contract/index.ts';

const listeners: (() => void)[] = [];

class OpenProject {
  #current = $state.raw<ProjectInfo | null>(null);

  /** Null for none. */
  get current(): ProjectInfo | null {
    return this.#current;
  }

  /** Another studio has it open: it is only looked at here. */
  get readOnly(): boolean {
    return this.#current?.readOnly ?? false;
  }

  set current(project: ProjectInfo | null) {
    const isOther = project?.id !== this.#current?.id;
    this.#current = project;
    if (isOther) for (const forget of listeners) forget();
  }
}

/** The open project. */
export const project = new OpenProject();

/** Told when another project is open, or none: what was chosen in the last one has ids that mean something else there. */
export function forgetWithProject(forget: () => void): void {
  listeners.push(forget);
}
