"""One gated part with every kind of text, and an audit of one published file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from site_builder.errors import Place
from site_builder.vault.audit import AuditReport, PremiumFile, PremiumText, SecretFolder, audit

SOURCE = "content/blog/posts/ledger.md"
FIRST_LINE = 21
MARKDOWN = """\
## Reconciling a ledger at night

The reconciliation worker keeps a "ledger" of every renewal it has seen, and compares it
with what the bank's naïve export reports. It is the only process that may write there.

```python
drift = ledger.compare(bank.statement(day), tolerance=Decimal("0.01"))
```

![Drift of the ledger, by weekday](images/drift.png "Tuesdays are the worst")

每天夜里，对账程序会把账本与银行的流水逐笔核对，任何差额都会立刻通知值班的人。

يحتفظ برنامج المطابقة بسجل لكل تجديد رآه ويقارنه كل ليلة بما يبلغ عنه المصرف

When the drift is above a cent 🚨 the pager rings 📟 and nobody sleeps 😴 until it is found.
"""
HTML = """\
<h2 id="reconciling">Reconciling a ledger at night<a class="headerlink" href="#x" title="Permanent link">&para;</a></h2>
<p>The reconciliation worker keeps a &quot;ledger&quot; of every renewal it has seen, and compares it
with what the bank&rsquo;s na&iuml;ve export reports. It is the only process that may write there.</p>
<div class="highlight"><pre><span></span><code><span class="n">drift</span> <span class="o">=</span> \
<span class="n">ledger</span><span class="o">.</span><span class="n">compare</span>(<span class="n">bank</span>.\
<span class="n">statement</span>(day), tolerance=Decimal(&quot;0.01&quot;))
</code></pre></div>
<p><img alt="Drift of the ledger, by weekday" data-sealed-src="1" title="Tuesdays are the worst"></p>
"""

HEADING = "Reconciling a ledger at night"
SENTENCE = 'The reconciliation worker keeps a "ledger" of every renewal it has seen, and compares it'
CODE = 'drift = ledger.compare(bank.statement(day), tolerance=Decimal("0.01"))'
ALT = "Drift of the ledger, by weekday"
CHINESE = "每天夜里，对账程序会把账本与银行的流水逐笔核对，任何差额都会立刻通知值班的人。"
ARABIC = "يحتفظ برنامج المطابقة بسجل لكل تجديد رآه ويقارنه كل ليلة بما يبلغ عنه المصرف"
EMOJI = "When the drift is above a cent 🚨 the pager rings 📟 and nobody sleeps 😴 until it is found."
LINES = {HEADING: 21, SENTENCE: 23, CODE: 27, ALT: 30, CHINESE: 32, ARABIC: 34, EMOJI: 36}

PLACE = Place(SOURCE, FIRST_LINE)
PREMIUM = (PremiumText(PLACE, MARKDOWN, "markdown"), PremiumText(PLACE, HTML, "html"))


def audited(
    site: Path,
    published: dict[str, str | bytes],
    *,
    premium: Sequence[PremiumText] = PREMIUM,
    files: Sequence[PremiumFile] = (),
    public: Sequence[str] = (),
    master_key: str | None = None,
    sources: Mapping[str, Place] | None = None,
    also_public: Callable[[], Iterable[str]] = tuple,
    secret_folders: Sequence[SecretFolder] = (),
    progress: Callable[[int, int], None] | None = None,
) -> AuditReport:
    """Publish files below ``site`` and audit it."""
    site.mkdir(exist_ok=True)
    for name, content in published.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return audit(
        site,
        premium,
        files,
        public,
        master_key=master_key,
        sources=sources,
        also_public=also_public,
        secret_folders=secret_folders,
        progress=progress,
    )
