/**
 * What an adapter throws where it can say why, as the engine's ports write it. Whatever else an adapter throws
 * is "unavailable" for a store and "no answer" for HTTP.
 */
export class Refusal extends Error {
  /** @param {object} document the port's own error, as `{ type: "revision_conflict", expected: 1, found: 2 }` */
  constructor(document, cause) {
    super(document.reason ?? document.type, cause === undefined ? undefined : { cause });
    this.name = "Refusal";
    this.document = document;
  }
}

export const unavailable = (reason, cause) => new Refusal({ type: "unavailable", reason }, cause);
