"""The Content-Security-Policy of a built site: one for all pages, and no inline script without its hash."""

from __future__ import annotations

import re
from pathlib import Path

from site_builder.build.policy import finish_policy, inline_hashes, policy_tag
from tests.sites import Blog

META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def policies(site: Path) -> dict[str, str]:
    found = {}
    for path in site.rglob("*.html"):
        match = META.search(path.read_text("utf-8"))
        found[path.relative_to(site).as_posix()] = match[1] if match else ""
    return found


def test_every_page_has_the_same_policy_before_any_script(blog: Blog) -> None:
    blog.post("a", "# A\n\nText.\n")
    blog.build()
    found = policies(blog.site)
    assert len(found) > 5 and len(set(found.values())) == 1 and "404.html" in found
    for name in found:
        text = (blog.site / name).read_text("utf-8")
        assert text.index("Content-Security-Policy") < text.index("<script"), name


def test_scripts_need_a_hash_or_to_be_a_file_of_the_site(blog: Blog) -> None:
    blog.build()
    policy = next(iter(policies(blog.site).values()))
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts and "http" not in scripts
    hashes = set(re.findall(r"'(sha256-[^']+)'", scripts))
    for path in blog.site.rglob("*.html"):
        assert inline_hashes(path.read_text("utf-8")) <= hashes
    assert 1 <= len(hashes) <= 8


def test_data_blocks_and_files_are_no_inline_scripts() -> None:
    data = '<script type="application/ld+json">{}</script><script id="x" type="application/json">1</script>'
    text = f'{data}<script src="a.js"></script>'
    assert inline_hashes(text) == set()
    assert len(inline_hashes("<script>a()</script><script type=module>b()</script>")) == 2


def test_the_writer_may_add_sources(tmp_path: Path) -> None:
    tag = policy_tag({"img-src": ["https://images.example.com"], "object-src": ["'none'"]})
    assert "img-src 'self' data: blob: https://images.example.com;" in tag
    assert tag.endswith("object-src 'none'\">")
    (tmp_path / "index.html").write_text(f"<head>{tag}</head><script>a()</script>")
    assert finish_policy(tmp_path) == 1
    assert "{inline" not in (tmp_path / "index.html").read_text()


def test_hosts_that_read_headers_get_what_a_page_cannot_say(blog: Blog) -> None:
    blog.build()
    assert "frame-ancestors 'self'" in (blog.site / "_headers").read_text()
