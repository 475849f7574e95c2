import { untrack } from 'svelte';
import { EngineGone } from '../connection.svelte.ts';
import { onChanged, type Topic } from './changes.ts';

/** A skeleton shows after this long: before, it would only flash. */
const SLOW_AFTER_MS = 150;
/** Without a change for so long, changes are over: the decisions of a queue come faster. */
const REST_MS = 400;

/**
 * Something of the engine that a component shows. Read at once, again when one of its topics changes, and again when reactive state that
 * `read` uses changes. With `waitsOut`, changes that follow each other are waited out: for what costs the engine
 * more than it is worth after every key. Make it while a component is being set up; it ends with that component.
 */
export class Resource<T> {
  /** The last answer; stays while a newer one is being read. */
  value = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  /** The first answer takes so long that the page should say so. */
  slow = $state(false);
  readonly #read: () => Promise<T>;
  /** Answers to older questions are thrown away. */
  #question = 0;
  #version = $state(0);

  constructor(read: () => Promise<T>, topics: readonly Topic[], waitsOut = false) {
    this.#read = read;
    $effect(() => {
      let waits: ReturnType<typeof setTimeout> | undefined;
      const stop = onChanged(topics, () => {
        clearTimeout(waits);
        if (!waitsOut) this.#version++;
        else waits = setTimeout(() => this.#version++, REST_MS);
      });
      return () => {
        clearTimeout(waits);
        stop();
      };
    });
    $effect(() => {
      void this.#version;
      this.#ask();
      return () => this.#question++;
    });
  }

  /** Reads again; an effect may ask for it. */
  refresh(): void {
    untrack(() => this.#version++);
  }

  #ask(): void {
    const question = ++this.#question;
    const answer = this.#read();
    const timer = setTimeout(() => (this.slow = untrack(() => this.value === null)), SLOW_AFTER_MS);
    const settle = (apply: () => void): void => {
      clearTimeout(timer);
      if (question !== this.#question) return;
      this.slow = false;
      apply();
    };
    answer.then(
      (value) =>
        settle(() => {
          this.value = value;
          this.error = null;
        }),
      (error: unknown) =>
        settle(() => {
          // What is on the screen stays; the engine's banner says why nothing newer comes.
          if (!(error instanceof EngineGone)) this.error = error;
        }),
    );
  }
}
