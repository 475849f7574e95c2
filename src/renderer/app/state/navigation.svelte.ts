import { project } from './project.svelte.ts';

/** In the order of the work; Settings stands apart. */
export const pageIds = ['home', 'data', 'train', 'models', 'classify', 'review', 'settings'] as const;
export type PageId = (typeof pageIds)[number];

const withoutProject: readonly PageId[] = ['home', 'settings'];

function pageOf(hash: string): PageId {
  const wanted = hash.replace(/^#\/?/, '');
  return pageIds.find((page) => page === wanted) ?? 'home';
}

class Route {
  #wanted = $state<PageId>(pageOf(location.hash));

  constructor() {
    window.addEventListener('hashchange', () => (this.#wanted = pageOf(location.hash)));
  }

  /** The page on the screen: what needs a project leads to Home while there is none. */
  get page(): PageId {
    return this.can(this.#wanted) ? this.#wanted : 'home';
  }

  can(page: PageId): boolean {
    return withoutProject.includes(page) || project.current !== null;
  }
}

export const route = new Route();

export function go(page: PageId): void {
  location.hash = `#/${page}`;
}
