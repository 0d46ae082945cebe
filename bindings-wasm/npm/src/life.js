// One instance of the module, from its start to a trap. What a trap leaves behind is half changed and locked, so
// that nothing is asked of it any more.

/** Whether the module was left in the middle: it trapped, or the stack or the memory had no more room for it. */
export function isTrap(thrown) {
  return (
    thrown instanceof WebAssembly.RuntimeError ||
    thrown instanceof RangeError ||
    // What Firefox calls a full stack.
    thrown?.name === "InternalError"
  );
}

export class Life {
  /** What ended it. */
  cause;
  #depth = 0;
  /** Tell those who wait for an answer that there will be none. */
  #waiting = new Set();

  get isOver() {
    return this.cause !== undefined;
  }

  /** Whether calls into the instance are still on the stack. */
  get isEntered() {
    return this.#depth > 0;
  }

  /** Runs `use`, which calls into the instance. */
  enter(use) {
    this.#depth += 1;
    try {
      return use();
    } catch (thrown) {
      // Noted before anything is called: where the stack is full, a call throws again.
      if (typeof thrown !== "string") this.cause ??= thrown;
      if (this.cause === thrown && !isTrap(thrown)) this.cause = undefined;
      throw thrown;
    } finally {
      this.#depth -= 1;
      if (this.isOver) this.abandon();
    }
  }

  /** Lets everybody who waits for the instance fail, and lets go of its memory. */
  abandon() {
    // V8 writes a stack out when it is first read, and holds the instance for it until then.
    void this.cause.stack;
    for (const lose of this.#waiting) lose(this.cause);
    this.#waiting.clear();
  }

  /** The answer that the instance promised; a failure where it ends before. */
  answer(promised) {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      promised.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  /** A function of the instance's that others call later: at its end it is forgotten. */
  callback(inner) {
    return (...given) => {
      if (this.isOver) return undefined;
      try {
        return this.enter(() => inner(...given));
      } catch (thrown) {
        // Those who wait were told; nobody else is there to catch it.
        if (this.isOver) return undefined;
        throw thrown;
      }
    };
  }

  /** A promise that the instance may wait for. */
  heard(promise) {
    promise.then = (done, failed) =>
      Promise.prototype.then.call(promise, this.callback(done), failed && this.callback(failed));
    return promise;
  }
}
