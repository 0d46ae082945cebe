// What lives in the module's memory, and is given back by itself.

import { errorOf, misuse } from "./error.js";
import { guarded, life } from "./module.js";

const abandoned = new FinalizationRegistry(giveBack);

/** Frees what lives in the module's memory. What died with an instance is gone: there may be something else. */
function giveBack({ inner, life }) {
  if (!life.isOver) guarded(() => inner.free());
}

/** Something that lives in the module until it is freed, or forgotten by everybody. */
export class Handle {
  #inner;
  #life;
  #kind;

  constructor(kind, make) {
    this.#kind = kind;
    this.#inner = guarded(make);
    this.#life = life();
    abandoned.register(this, { inner: this.#inner, life: this.#life }, this);
  }

  /** Runs `use` on the module's own object. */
  use(use) {
    const inner = this.#inner;
    if (inner === undefined) throw misuse("HANDLE_CLOSED", `the ${this.#kind} was freed`);
    if (this.#life.isOver) {
      throw misuse("HANDLE_CLOSED", `the ${this.#kind} was lost when the library failed: make it anew`);
    }
    return guarded(() => use(inner));
  }

  /** The same for what answers with a promise. */
  async promise(use) {
    try {
      return await this.#life.answer(this.use(use));
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }

  /** Gives the memory back at once; without it, that happens some time after nobody holds it any more. */
  free() {
    const inner = this.#inner;
    if (inner === undefined) return;
    this.#inner = undefined;
    abandoned.unregister(this);
    giveBack({ inner, life: this.#life });
  }
}

// Node 20 and browsers before 2025 have no `using` yet.
if (Symbol.dispose !== undefined) {
  Handle.prototype[Symbol.dispose] = Handle.prototype.free;
}
