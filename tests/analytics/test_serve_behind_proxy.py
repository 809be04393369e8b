"""Behind nginx and Caddy and their HTTPS, with the configurations that the documentation shows."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from site_builder.analytics.dashboard.door import ATTEMPTS
from site_builder.analytics.dashboard.key import FILE, SESSION_SECONDS, make_key
from tests.analytics.collecting import BROWSER, ORIGIN, body, collected, event
from tests.analytics.paying import PADDLE_TRANSACTION, SECRETS, changed, signed
from tests.analytics.proxies import CERTIFICATE, KEY, certify, proxy_path
from tests.analytics.serving import command, post
from tests.docs import DOCS, blocks
from tests.ports import free_port

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
        (r"443 ssl", f"127.0.0.1:{port} ssl"),
        (r"/etc/\S+/fullchain\.pem", str(folder / CERTIFICATE)),
        (r"/etc/\S+/privkey\.pem", str(folder / KEY)),
        (r"127\.0\.0\.1:8010", f"127.0.0.1:{collector}"),
        (r"/srv/www/my-blog", str(site)),
    )
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, server=server))
    return [proxy_path("nginx"), "-p", folder, "-c", file, "-e", "stderr"], "start worker|using the|getrlimit"


def caddy(folder: Path, site: Path, port: int, collector: int) -> tuple[list[str | Path], str]:
    here = f"example.com:{port} {{\n\tbind 127.0.0.1\n\ttls {folder / CERTIFICATE} {folder / KEY}"
    server = shown(
        "caddyfile",
        (r"^example\.com \{", here),
        (r"127\.0\.0\.1:8010", f"127.0.0.1:{collector}"),
        (r"/srv/www/my-blog", str(site)),
    )
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + server)
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


@dataclass(frozen=True)
class Site:
    """A blog at https://example.com, as far as anybody can tell who asks with ``reader``."""

    data: Path
    collector: int
    """The port behind the proxy, which nobody reaches from outside."""
    context: ssl.SSLContext
    port: int

    @contextmanager
    def reader(self) -> Iterator[httpx.Client]:
        def name(request: httpx.Request) -> None:
            request.extensions["sni_hostname"] = "example.com"
            request.headers["host"] = "example.com"

        with httpx.Client(
            base_url=f"https://127.0.0.1:{self.port}", verify=self.context, event_hooks={"request": [name]}
        ) as client:
            yield client


@pytest.fixture(scope="module", params=[nginx, caddy], ids=lambda proxy: proxy.__name__)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp(request.param.__name__)
    pages = folder / "site"
    pages.mkdir()
    (pages / "index.html").write_text("a page")
    (pages / "dashboard-tips").mkdir()
    (pages / "dashboard-tips/index.html").write_text("a post")
    context = ssl.create_default_context(cadata=certify(folder))
    environment = pytest.MonkeyPatch()
    request.addfinalizer(environment.undo)
    environment.setenv("SITE_BUILDER_PADDLE_WEBHOOK_SECRET", SECRETS["paddle"][0].decode())
    with (
        command(folder / "data", "--behind-proxy", "--rate", "0") as collector,
        running(request.param, folder, pages, collector.port) as port,
    ):
        yield Site(folder / "data", collector.port, context, port)


def test_events_come_through_from_the_site_alone(site: Site) -> None:
    with site.reader() as reader:

        def send(content: object, **headers: str) -> httpx.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return reader.post("/e", content=json.dumps(content), headers={**BROWSER, **named})

        # Nobody may write himself another address than the one that he has.
        for number, forwarded in enumerate(["203.0.113.5", "203.0.113.6, 203.0.113.7"], 1):
            answer = send(body(event(number)), X_Forwarded_For=forwarded)
            assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "rejected": []})
        # The collector itself believes what it is told, so that it is to be reached through the proxy alone.
        assert post(site.collector, body(event(3)), **{"X-Forwarded-For": "203.0.113.5"})[0] == 202
        assert send(body(site="other")).status_code == 403
        assert send(body(), Origin="https://evil.example").status_code == 403
        asked = reader.options("/e", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
        assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
        assert [reader.get(path).status_code for path in ("/", "/health", "/metrics")] == [200, 404, 404]
    first, second, other = (record for record in collected(site.data / "spool") if record.name != "purchase")
    assert first.visitor == second.visitor != other.visitor


def test_a_webhook_comes_through_byte_for_byte(site: Site) -> None:
    # It may be longer than what browsers send.
    sold = json.dumps(changed(PADDLE_TRANSACTION, data__note="Zoë " * 30_000), ensure_ascii=False).encode()
    headers = signed("paddle", sold, at=int(time.time()))
    with site.reader() as reader:
        assert reader.post("/purchase/paddle", content=sold, headers=headers).status_code == 200
        assert reader.post("/purchase/paddle", content=sold + b" ", headers=headers).status_code == 403
    [purchase] = (record for record in collected(site.data / "spool") if record.name == "purchase")
    assert purchase.props["amount"] == 1190


def test_the_dashboard_opens_to_its_key_and_only_from_its_own_form(site: Site) -> None:
    (site.data / FILE).unlink(missing_ok=True)
    with site.reader() as reader:
        assert reader.get("/dashboard/sign-in").status_code == 503
        key = make_key(site.data)
        assert reader.get("/dashboard").headers["location"] == "/dashboard/"
        assert reader.get("/dashboard-tips/").text == "a post", "what only begins like it is the site's own"
        answer = reader.get("/dashboard/sources?days=7")
        assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard/sign-in?next=sources%3Fdays%3D7")

        def sign_in(key: str, **headers: str) -> httpx.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return reader.post("/dashboard/sign-in", data={"key": key, "next": "sources?days=7"}, headers=named)

        for elsewhere in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            assert sign_in(key, **elsewhere).status_code == 403 and not reader.cookies
        # What a browser says of itself does not make a plain connection of this one.
        answer = sign_in(key, Origin="https://example.com", X_Forwarded_Proto="http")
        assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard/sources?days=7")
        cookie = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
        assert cookie == {"httponly", f"max-age={SESSION_SECONDS}", "path=/dashboard/", "samesite=lax", "secure"}

        page = reader.get(answer.headers["location"])
        assert page.status_code == 200 and page.headers["content-encoding"] == "gzip"
        assert (
            page.headers["cache-control"] == "no-store"
            and "frame-ancestors 'none'" in page.headers["content-security-policy"]
        )
        for address in re.findall(r'(?:href|src)="(/dashboard/static/[^"]+)"', page.text):
            assert "immutable" in reader.get(address).headers["cache-control"]
        answer = reader.get("/dashboard/data/sources.csv?days=7")
        assert answer.headers["content-disposition"].startswith('attachment; filename="sources-')
        assert answer.text.startswith("source,views,visitors,")
        assert reader.post("/dashboard/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert reader.post("/dashboard/sign-out", headers={"Origin": "https://example.com"}).status_code == 303
        assert reader.get("/dashboard/sources").status_code == 303


def test_guesses_at_the_key_are_counted_whatever_address_they_name(site: Site) -> None:
    make_key(site.data)
    with site.reader() as reader:
        statuses = [
            reader.post(
                "/dashboard/sign-in", data={"key": "guess"}, headers={"X-Forwarded-For": f"203.0.113.{number}"}
            ).status_code
            for number in range(ATTEMPTS + 1)
        ]
    assert statuses[0] == 403 and statuses[-1] == 429


def test_behind_a_proxy_the_collector_itself_does_not_take_the_key_of_a_plain_connection(site: Site) -> None:
    key = make_key(site.data)
    with httpx.Client(base_url=f"http://127.0.0.1:{site.collector}", headers={"Host": "example.com"}) as client:
        assert client.get("/dashboard/sign-in").status_code == 403
        assert client.post("/dashboard/sign-in", data={"key": key}).status_code == 403
