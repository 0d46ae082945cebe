// Times of contestants that take turns, so that a busy moment of the machine meets all of them.

/** The median of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Milliseconds of each contestant: the median of its rounds.
 *
 * A contestant is a function, or `{ prepare, run, release }`, of which only `run` is timed. Memory is
 * cleared before each turn, so that nobody pays for what another left behind. The first rounds, in which
 * the engine still compiles, don't count.
 */
export function race(contestants, rounds, warmUp = 3) {
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, contestant] of Object.entries(contestants)) {
      const { prepare, run, release } =
        typeof contestant === "function" ? { run: contestant } : contestant;
      const input = prepare?.(round + warmUp);
      globalThis.gc?.();
      const start = performance.now();
      const result = run(input);
      const time = performance.now() - start;
      release?.(result, input);
      if (round >= 0) times[name].push(time);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

/** Milliseconds of one call: the median over many, each with an input of its own. */
export function each(calls, run, warmUp = 200) {
  const times = [];
  for (let i = 0; i < calls + warmUp; i += 1) {
    const start = performance.now();
    run(i);
    const time = performance.now() - start;
    if (i >= warmUp) times.push(time);
  }
  return median(times);
}
