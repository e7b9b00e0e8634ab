/** @typedef {import('./types.js').Recording} Recording */

/** States in which people are recorded, or about to be, or only for now are not. */
const RUNNING = ['starting', 'recording', 'paused'];

/**
 * The recordings of one conference, as everybody in it may see them.
 *
 * Event: `change` {recordings, changed}: newest first; `changed` is the one whose state has changed, if one has.
 */
export class Recordings extends EventTarget {
  /** @param {() => Promise<{data: Recording[]}>} read  The newest, those first. */
  constructor(read) {
    super();
    this.read = read;
    /** @type {Map<string, Recording>} Oldest first. */
    this.kept = new Map();
    /** Counts what is heard meanwhile: a list that was read before it is old news. */
    this.heard = 0;
  }

  /** Newest first. */
  get list() {
    return [...this.kept.values()].reverse();
  }

  /** Those by which people are recorded now, or are not only because they are paused. */
  get running() {
    return this.list.filter(({ state }) => RUNNING.includes(state));
  }

  /**
   * What runs is known at once; what was before is read.
   *
   * @param {Recording[]} present  As the snapshot has them.
   */
  async onSnapshot(present) {
    this.heard += 1;
    for (const recording of this.running) {
      if (!present.some(({ id }) => id === recording.id)) {
        this.kept.delete(recording.id); // It is over; what became of it is read.
      }
    }
    present.forEach((recording) => this.keep(recording));
    this.tell(null);
    await this.refresh();
  }

  /** Reads them again. If that fails, the next event or connection tries again. */
  async refresh() {
    const { heard } = this;
    const { data } = await this.read().catch(() => ({ data: null }));
    if (data && heard === this.heard) {
      this.kept = new Map(data.reverse().map((recording) => [recording.id, recording]));
      this.tell(null);
    }
  }

  /** @param {Recording} recording */
  onState(recording) {
    this.heard += 1;
    this.keep(recording);
    this.tell(this.kept.get(recording.id) ?? null);
    if (recording.state === 'available') {
      this.refresh(); // How long it is, and what it is made of, the event does not tell.
    }
  }

  /** @param {Recording} recording */
  keep(recording) {
    this.kept.set(recording.id, { ...this.kept.get(recording.id), ...recording });
  }

  /** @param {Recording | null} changed */
  tell(changed) {
    this.dispatchEvent(new CustomEvent('change', { detail: { recordings: this.list, changed } }));
  }
}
