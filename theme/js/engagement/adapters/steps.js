// Other services add up reading time; our events say the sum so far.

/** @returns {(event: import("../outbox.js").Event) => number} how much active time, in ms, has come since the event before of the
 * same page view */
export function steps() {
  /** @type {Map<string, number>} */
  const sums = new Map();
  return ({ pv, props }) => {
    const sum = /** @type {number} */ (props.active_ms);
    const step = sum - (sums.get(pv) ?? 0);
    sums.set(pv, sum);
    return step;
  };
}
