"""What who opens a feed in a browser sees: its articles, and what a feed is for. CSS, for browsers give up XSLT."""

from __future__ import annotations

import json
import posixpath

from site_builder.feeds.matrix import SiteFacts
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.words import words

_SHEET = """\
rss *, feed * { display: none; }
rss, feed {
  display: block;
  max-width: 42rem;
  margin: 2rem auto;
  padding: 0 1rem;
  font: 1rem/1.6 system-ui, sans-serif;
  color-scheme: light dark;
}
rss::before, feed::before {
  content: %s;
  display: block;
  margin-bottom: 2rem;
  padding: 0.75rem 1rem;
  border: 1px solid;
  border-radius: 0.25rem;
}
channel, item, entry, title, summary, subtitle, description, pubDate, published { display: block; }
image, image * { display: none; }
channel > title, feed > title { font-size: 1.75rem; font-weight: 700; line-height: 1.3; }
item, entry { margin-top: 2rem; }
item > title, entry > title { font-size: 1.2rem; font-weight: 700; }
pubDate, published { font-size: 0.85rem; opacity: 0.75; }
"""


def style_path(options: FeedsOptions) -> str:
    """Where the sheet lies, from the site's root."""
    return f"{options.folder}/feed.css"


def style_sheet(site: SiteFacts) -> bytes:
    """The sheet, with a sentence in the site's language."""
    return (_SHEET % json.dumps(words("this is a feed", site.language), ensure_ascii=False)).encode("utf-8")


def style_link(path: str, options: FeedsOptions) -> bytes:
    """What names the sheet in the feed at ``path`` (Associating Style Sheets with XML documents, W3C); on any host the same."""
    sheet = posixpath.relpath(style_path(options), posixpath.dirname(path) or ".")
    return f'<?xml-stylesheet type="text/css" href="{sheet}"?>\n'.encode()
