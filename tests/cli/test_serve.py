"""`site-builder serve`: its port, and what the author sees that readers don't."""

from __future__ import annotations

import re
import socket
import subprocess
from urllib.request import urlopen

from tests.ports import free_port
from tests.sites import Blog, command, environment


def test_a_port_that_is_taken_is_told_before_the_site_is_built(blog: Blog) -> None:
    blog.post("a", "# A\n", header="access: no-such-tier")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = blog.run("serve", "--port", port, check=False)
    assert ended.returncode == 1
    assert f"port {port} can't be used" in ended.stderr and "--port" in ended.stderr
    assert "no-such-tier" not in ended.stderr and "Traceback" not in ended.stderr


def test_a_first_build_that_fails_ends_it_with_the_error(blog: Blog) -> None:
    blog.post("a", "# A\n", header="access: no-such-tier")
    ended = blog.run("serve", "--port", str(free_port()), check=False)
    assert ended.returncode == 1 and "no-such-tier" in ended.stderr


def test_the_author_sees_drafts_and_future_posts_with_a_note_why_nobody_else_does(blog: Blog) -> None:
    blog.post("draft", "# A draft\n\nUnfinished.\n", header="draft: true\nslug: draft")
    blog.post("future", "# A future post\n\nWords.\n", header="slug: future", day="2099-12-24")
    blog.write("content/page.md", "---\ndraft: true\n---\n# A page\n\nUnfinished.\n")
    blog.post("now", "# A post\n", header="slug: now")
    pages = served(blog, "blog/2026/11/01/draft/", "blog/2099/12/24/future/", "page/", "blog/2026/11/01/now/", "blog/")
    notes = [re.findall(r"Not published: ([^<]*)\.</p>", page) for page in pages]
    assert notes == [["it is a draft"], ["its day is 2099-12-24"], ["it is a draft"], [], []]


def served(blog: Blog, *urls: str) -> list[str]:
    """The pages at ``urls`` as `site-builder serve` gives them."""
    port = free_port()
    with subprocess.Popen(
        command("serve", "--port", str(port)), cwd=blog.root, env=environment(), stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr and any("Serving on" in line for line in server.stderr)
            return [urlopen(f"http://127.0.0.1:{port}/{url}", timeout=60).read().decode() for url in urls]
        finally:
            server.terminate()
