"""What everybody says, what public parts say too, and noise do not stop a build."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from site_builder.errors import Place
from site_builder.vault.audit import PremiumText, require_clean, texts_of
from tests.vault.audit.parts import CODE, HEADING, MARKDOWN, SENTENCE, audited

THEME = files("material") / "templates" / "assets"


def gated(markdown: str, html: str = "") -> tuple[PremiumText, ...]:
    texts = (PremiumText(Place("a.md", 1), markdown, "markdown"), PremiumText(Place("a.md", 1), html, "html"))
    return texts if html else texts[:1]


@pytest.mark.parametrize(
    ("premium", "published"),
    [
        ("## Conclusion", "<h2>Conclusion</h2>"),
        ("## Troubleshooting", "<li>Troubleshooting</li>"),
        ("## Getting started", '<a href="#getting-started">Getting started</a>'),
        ("## Error handling", "<h2>Error handling</h2>"),
        ("## Testing the database", "<h2>Testing the database</h2>"),
        ("## Ledger drift", "// onLedgerDrifting() fires when a ledger drifts"),
        ("## Ledger drift explained", "<p>Here is our ledger drift explained again</p>"),
        ("## 常见问题解答", "<h2>常见问题解答</h2>"),
        ("```python\nimport asyncio\n```", "<code>import asyncio</code>"),
        ("```python\nfrom concurrent.futures import ThreadPoolExecutor, as_completed\n```", "ThreadPoolExecutor, as_completed"),
        (
            "```python\nfrom concurrent.futures import ThreadPoolExecutor, as_completed\n```",
            "from concurrent.futures import ThreadPoolExecutor, as_completed",
        ),
        ("```c\n#include <sys/socket.h> /* and others */\n```", "#include <sys/socket.h> /* and others */"),
        ("```python\nif __name__ == '__main__':\n    main()\n```", "if __name__ == '__main__': main()"),
        (
            '```js\ndocument.addEventListener("DOMContentLoaded", () => {\n```',
            'document.addEventListener("DOMContentLoaded",()=>{',
        ),
        ("```python\nfor item in items:\n    total += 1\n```", "for item in items: total += 1"),
        ("| Yes | Not available |\n|---|---|\n| No | Not measured |", "<td>Not available</td><td>Not measured</td>"),
        ("See [the other page](https://example.com/blog/2026/01/a-rather-long-address-of-a-page/).", "<loc>https://example.com/blog/2026/01/a-rather-long-address-of-a-page/</loc>"),
        ("![](images/a.png)\n\n---\n\n====", "-------------------- ==================== images/a.png"),
        ("0000 0000 0000 0000 0000 0000 0000 0000 0000 0000", "0" * 400),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22", "<pre>" + "\n".join(map(str, range(1, 40))) + "</pre>"),
        ("x" * 20, "x" * 20),
        ("", "An empty part is nothing that could leak."),
    ],
)  # fmt: skip
def test_commonplace_is_no_leak(premium: str, published: str, tmp_path: Path) -> None:
    require_clean(audited(tmp_path, {"index.html": published}, premium=gated(premium)))


@pytest.mark.parametrize("text", [HEADING, SENTENCE, CODE], ids=["heading", "sentence", "code"])
def test_what_a_public_part_says_too_is_no_leak(text: str, tmp_path: Path) -> None:
    published = {"a.html": f"<p>{text}</p>", "search.json": json.dumps({"text": text.replace(" ", "\n")})}
    assert audited(tmp_path, published).leaks
    require_clean(audited(tmp_path, published, public=[f"Somewhere else: {text}!"]))


def test_what_is_public_is_known_in_any_dress(tmp_path: Path) -> None:
    public = (
        "The *reconciliation* [worker](https://example.com/worker 'W') keeps a “ledger” of every renewal\n"
        "it has seen, AND COMPARES IT."
    )
    require_clean(audited(tmp_path, {"a.html": f"<p>{SENTENCE}</p>"}, public=[public]))


def test_public_html_counts_as_well_as_markdown(tmp_path: Path) -> None:
    public = (
        "<p>The <em>reconciliation</em> worker keeps a &quot;ledger&quot; of every renewal it has seen, and compares it"
    )
    require_clean(audited(tmp_path, {"a.html": f"<p>{SENTENCE}</p>"}, public=[public]))


def test_a_public_sentence_whose_next_letter_agrees_by_chance_is_no_leak(tmp_path: Path) -> None:
    shared = "Every write goes to the ledger first and to the balance afterwards."
    premium = gated(f"{shared} This is why the worker can be stopped at any time and nothing is ever lost.")
    published = {"a.html": f"<p>{shared}</p><p>They met in a small town by the sea.</p>"}
    require_clean(audited(tmp_path, published, premium=premium, public=[f"{shared}\n\nAnother paragraph."]))


def test_a_leak_beside_public_text_is_still_one(tmp_path: Path) -> None:
    shared = "Every write goes to the ledger first and to the balance afterwards."
    secret = "This is why the worker can be stopped at any time and nothing is ever lost."
    published = {"a.html": f"<p>{shared} {secret}</p>"}
    assert audited(tmp_path, published, premium=gated(f"{shared} {secret}"), public=[shared]).leaks


def test_the_theme_says_nothing_premium(tmp_path: Path) -> None:
    with as_file(THEME) as folder:
        published: dict[str, str | bytes] = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
        assert len(published) > 10
        licence = "The above copyright notice and this permission notice shall be included in all copies"
        require_clean(audited(tmp_path, published))
        assert audited(tmp_path, published, premium=gated(licence)).leaks
        shipped = [path for path in sorted(folder.rglob("*")) if path.suffix in (".css", ".js", ".map")]
        require_clean(
            audited(tmp_path, published, premium=gated(licence), also_public=lambda: texts_of(shipped)),
        )


def test_noise_is_no_leak(tmp_path: Path) -> None:
    noise = random.Random(1)
    words = [hashlib.sha256(bytes([number])).hexdigest() for number in range(200)]
    published: dict[str, str | bytes] = {
        "vault/payloads/1.bin": noise.randbytes(200_000),
        "vault/lockboxes/1.bin": b"\x1f\x8b\x08" + noise.randbytes(20_000),
        "assets/film.mp4": b"\0\0\0\x18ftypmp42" + noise.randbytes(200_000),
        "assets/data.bin": noise.randbytes(200_000),
        "assets/blob.js": "const wasm='" + base64.b64encode(noise.randbytes(50_000)).decode() + "'",
        "assets/sums.txt": "\n".join(words),
        "assets/path.svg": "<svg><path d='"
        + " ".join(f"{noise.uniform(0, 99):.3f}" for _ in range(9_000))
        + "'/></svg>",
    }
    require_clean(audited(tmp_path, published))


def test_names_that_everybody_uses_are_no_leak(tmp_path: Path) -> None:
    published = {"images/screenshot.html": "<img src='images/figure.png'> and index.md", "about/index.html": "x"}
    premium = gated("![](images/figure.png)\n\n" + MARKDOWN)
    require_clean(audited(tmp_path, published, premium=premium))
