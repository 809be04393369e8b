"""Instant navigation, for tests of it: Material changes the page without loading one only after it has read the site's map."""

from __future__ import annotations

from playwright.sync_api import Page

# Nothing on the page tells of it: what parses the map is asked to.
NOTES_THE_MAP = """
if (self === top) {
  const { parseFromString } = DOMParser.prototype;
  DOMParser.prototype.parseFromString = function (text, type) {
    globalThis.mapIsRead ||= text.includes("<urlset");
    return parseFromString.call(this, text, type);
  };
}
"""


def expect_instant(page: Page) -> None:
    """From now on a link leads on in the same document. ``NOTES_THE_MAP`` has to run before the page's own scripts."""
    page.wait_for_function("() => globalThis.mapIsRead")
