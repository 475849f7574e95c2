/** The calls of one pane, one at a time; what went wrong last stays, to be shown where the button is. */
export class Attempt {
  busy = $state(false);
  failure = $state.raw<unknown>(null);

  /** Does nothing while another call is on its way. */
  async run(work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      await work();
    } catch (error) {
      this.failure = error;
    } finally {
      this.busy = false;
    }
  }
}
