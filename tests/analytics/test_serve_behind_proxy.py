"""Behind nginx and Caddy, with the configurations that the documentation shows."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.analytics.collecting import ORIGIN, body, collected, event
from tests.analytics.proxies import proxy_path
from tests.analytics.serving import command, free_port, post
from tests.docs import DOCS, blocks

NGINX = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}}}
"""


def shown(language: str, *changes: tuple[str, str]) -> str:
    """The documentation's configuration, with what must be another here."""
    [text] = [block.text for block in blocks(language) if block.page == DOCS / "analytics.md"]
    for pattern, instead in changes:
        text, found = re.subn(pattern, lambda _, instead=instead: instead, text)  # type: ignore[misc]
        assert found, pattern
    return text


def nginx(folder: Path, site: Path, port: int, collector: int) -> tuple[list[str | Path], str]:
    server = shown(
        "nginx",
        (r"443 ssl", f"127.0.0.1:{port}"),
        (r" *ssl_.*\n", ""),
        (r"127\.0\.0\.1:8010", f"127.0.0.1:{collector}"),
        (r"/srv/www/my-blog", str(site)),
    )
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, server=server))
    return [proxy_path("nginx"), "-p", folder, "-c", file, "-e", "stderr"], "start worker|using the|getrlimit"


def caddy(folder: Path, site: Path, port: int, collector: int) -> tuple[list[str | Path], str]:
    server = shown(
        "caddyfile",
        (r"^example\.com", f"http://127.0.0.1:{port}"),
        (r"127\.0\.0\.1:8010", f"127.0.0.1:{collector}"),
        (r"/srv/www/my-blog", str(site)),
    )
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n}\n" + server)
    return [proxy_path("caddy"), "run", "--config", file, "--adapter", "caddyfile"], "serving initial configuration"


Proxy = Callable[[Path, Path, int, int], tuple[list[str | Path], str]]


@contextmanager
def running(proxy: Proxy, folder: Path, site: Path, collector: int) -> Iterator[int]:
    """The port of a proxy that takes connections."""
    port = free_port()
    words, ready = proxy(folder, site, port, collector)
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=home)
    assert process.stderr
    said = ""
    try:
        for line in process.stderr:
            said += line
            if re.search(ready, line):
                break
        assert process.poll() is None, said
        yield port
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize("proxy", [nginx, caddy], ids=lambda proxy: proxy.__name__)
def test_behind_a_proxy_as_the_documentation_shows_it(tmp_path: Path, proxy: Proxy) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("a page")
    with (
        command(tmp_path / "data", "--behind-proxy", "--rate", "0") as collector,
        running(proxy, tmp_path, site, collector.port) as port,
    ):
        # Nobody may write himself another address than the one that he has.
        for number, forwarded in enumerate(["203.0.113.5", "203.0.113.6, 203.0.113.7"], 1):
            assert post(port, body(event(number)), **{"X-Forwarded-For": forwarded}) == (
                202,
                {"accepted": 1, "rejected": []},
            )
        # The collector itself believes what it is told, so that it is to be reached through the proxy alone.
        assert post(collector.port, body(event(3)), **{"X-Forwarded-For": "203.0.113.5"})[0] == 202
        assert post(port, body(site="other"))[0] == 400
        assert post(port, body(), Origin="https://evil.example")[0] == 403
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("OPTIONS", "/e", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
        # The dashboard has no key yet.
        for path, status in (("/", 200), ("/dashboard/sign-in", 503), ("/health", 404), ("/metrics", 404)):
            connection.close()
            connection.request("GET", path)
            assert connection.getresponse().status == status
        connection.close()
    first, second, other = collected(tmp_path / "data" / "spool")
    assert first.visitor == second.visitor != other.visitor
