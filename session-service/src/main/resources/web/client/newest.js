/** Sends the newest of what is said in quick succession, one after the other and not too often. */
export class Newest {
  /**
   * @param {(value: any) => Promise<unknown>} send
   * @param {{everyMs: number, later?: (work: () => void, afterMs: number) => unknown}} options
   */
  constructor(send, { everyMs, later = (work, afterMs) => setTimeout(work, afterMs) }) {
    this.send = send;
    this.everyMs = everyMs;
    this.later = later;
    /** @type {{value: any, resolve: () => void, reject: (error: unknown) => void}[]} */
    this.waiting = [];
    this.isResting = false;
  }

  /**
   * Resolves when this value, or one said after it, has been taken.
   *
   * @param {any} value
   * @returns {Promise<void>}
   */
  say(value) {
    const taken = new Promise((/** @type {(value?: any) => void} */ resolve, reject) => {
      this.waiting.push({ value, resolve, reject });
    });
    if (!this.isResting) {
      this.next();
    }
    return taken;
  }

  next() {
    const group = this.waiting;
    this.waiting = [];
    this.isResting = group.length > 0;
    if (!this.isResting) {
      return;
    }
    const rested = new Promise((resolve) => this.later(() => resolve(undefined), this.everyMs));
    const sent = this.send(group[group.length - 1].value).then(
      () => group.forEach(({ resolve }) => resolve()),
      (error) => group.forEach(({ reject }) => reject(error)));
    Promise.all([rested, sent]).then(() => this.next());
  }
}
