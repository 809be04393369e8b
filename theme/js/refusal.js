// Why something did not open. Thrown by the vault and the flow; words.js turns a code into words for the reader.

/**
 * @typedef {"mistyped" | "unknown" | "expired" | "tier-too-low" | "network" | "damaged" | "older-copy"
 *   | "no-webcrypto" | "framed" | "no-storage"} Code
 *
 * @typedef {object} Holding what a member has or had
 * @property {string} id
 * @property {string} name for readers
 * @property {boolean} active
 * @property {number} lastDay in days since 1970-01-01; 0: no end
 * @property {number} epoch
 * @property {Uint8Array<ArrayBuffer>} key the epoch key; zero where not active
 */

/** A named refusal; `holdings` says what the member has, where that is known, and `ended` what has expired. */
export class Refusal extends Error {
  /**
   * @param {Code} code
   * @param {{ holdings?: Holding[], ended?: Holding }} [about]
   */
  constructor(code, about = {}) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.holdings = about.holdings ?? [];
    this.ended = about.ended;
  }
}
