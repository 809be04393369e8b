// How long and how far an article is read.

/** Who does nothing for this long, in ms, has stopped reading. */
const IDLE = 30_000;

/**
 * Sums up the time in which a page is looked at and used.
 *
 * @param {number} now in ms, of a clock that never goes back
 * @param {boolean} looking whether the page is seen and has the focus; arriving counts as using it
 */
export function activeTime(now, looking) {
  let active = 0;
  let marked = now;
  let used = now;
  /** What is so from now on. @param {number} now @param {boolean} looks @param {boolean} [uses] whether the reader has just done
   * something @returns {number} the sum up to now, in ms */
  return (now, looks, uses) => {
    if (looking) active += Math.max(0, Math.min(now, used + IDLE) - marked);
    marked = now;
    looking = looks;
    if (uses) used = now;
    return Math.round(active);
  };
}

/** @param {Element} element */
const topOf = (element) => element.getBoundingClientRect().top;

/** The furthest point of an article that has come into view. */
export function readDepth() {
  let furthest = 0;
  /** @type {{ scroll: number, heading?: string }} */
  let reached = { scroll: 0 };
  /** Looks again; what has left the page stays as it was. Of an article that has grown, less has been read.
   * @param {Element} article @param {Element} below what stands below its text @param {number} bottom of the window
   * @returns {typeof reached} per cent of the text, and the last heading in it */
  return (article, below, bottom) => {
    const top = topOf(article);
    const height = topOf(below) - top;
    if (!height) return reached;
    furthest = Math.max(furthest, Math.min(bottom - top, height));
    const heading = [...article.querySelectorAll(":is(h1,h2,h3,h4,h5,h6)[id]")].findLast(
      (candidate) => topOf(candidate) - top < furthest,
    );
    return (reached = {
      scroll: Math.min(100, Math.round((100 * furthest) / height)),
      heading: heading?.id.slice(0, 200),
    });
  };
}
