import { setModule } from "./module.js";

/** A function that loads the module when it is first called, and again only after a failure. */
export function loading(init, glue) {
  let pending;
  return (source) => {
    pending ??= init(source === undefined ? undefined : { module_or_path: source }).then(
      () => setModule(glue),
      (failure) => {
        pending = undefined;
        throw failure;
      },
    );
    return pending;
  };
}
