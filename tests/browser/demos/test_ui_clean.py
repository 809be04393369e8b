"""What a program says is HTML may be anything: nothing of it acts, fetches, or leaves its box."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

SOURCES = Path(__file__).parents[3] / "theme" / "js"
HOSTILE = (
    "<script>window.bad = 1</script>",
    "<img src=x onerror='window.bad = 1'>",
    "<svg onload='window.bad = 1'><script>window.bad = 1</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.bad=1&gt;'>",
    "<a href='javascript:window.bad = 1'>x</a>",
    "<table onmouseover='window.bad = 1' style='position: fixed; inset: 0' class='md-header' id='x'><tr><td>x</table>",
    "<iframe srcdoc='<script>top.bad = 1</script>'></iframe>",
    "<style>body { display: none }</style><link rel=stylesheet href=//example.com/x.css>",
    "<template><img src=x onerror='window.bad = 1'></template>",
    "<form action=//example.com><input name=q><button>x</button></form>",
    "<unlock-form></unlock-form><code-demo data-demo='{}'></code-demo><premium-content part=1></premium-content>",
    "<meta http-equiv=refresh content='0;url=//example.com'><base href=//example.com>",
    "<noscript><p title='</noscript><img src=x onerror=window.bad=1>'></noscript>",
    "<div is='x' slot='y' contenteditable autofocus onfocus='window.bad = 1' tabindex=0>x</div>",
    "<" + "div>" * 1 + "<div>" * 5000 + "deep",
)
FRAME = (
    "<div><style scoped>th { color: red }</style><table border='1' class='dataframe'><thead><tr style='text-align: right;'>"
    "<th></th><th colspan='2' scope='col'>a</th></tr></thead><tbody><tr><th rowspan='1'>0</th><td>1 &lt; 2</td></tr></tbody>"
    "</table><p>1 rows × 2 columns</p></div>"
)


@pytest.fixture
def page(browser: Browser, serve: Callable[[Path], str]) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    address = serve(SOURCES)
    page.route(f"{address}blank", lambda route: route.fulfill(content_type="text/html", body="<title>blank</title>"))
    page.goto(f"{address}blank")
    yield page
    context.close()


def cleaned(page: Page, html: str) -> str:
    script = """async (html) => {
        const { cleaned } = await import("/demos/clean.js");
        const box = document.createElement("div");
        box.append(cleaned(html));
        document.body.append(box);
        return box.innerHTML;
    }"""
    return str(page.evaluate(script, html))


@pytest.mark.parametrize("html", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_hostile_is_left(page: Page, html: str) -> None:
    requests: list[str] = []
    cleaned(page, "")
    page.on("request", lambda request: requests.append(request.url))
    cleaned(page, html)
    page.wait_for_timeout(50)
    found = page.evaluate(
        "[...document.body.querySelectorAll('*')].flatMap(({ localName, attributes }) =>"
        " [localName, ...[...attributes].map(({ name }) => `@${name}`)])"
    )
    assert set(found) <= {"div", "table", "tbody", "tr", "td", "p", "span"}, html
    assert page.evaluate("window.bad") is None
    assert requests == []


def test_a_data_frame_keeps_its_table_and_loses_its_styles(page: Page) -> None:
    assert cleaned(page, FRAME) == (
        '<div><table><thead><tr><th></th><th colspan="2" scope="col">a</th></tr></thead><tbody><tr><th rowspan="1">0</th>'
        "<td>1 &lt; 2</td></tr></tbody></table><p>1 rows × 2 columns</p></div>"
    )
