"""HTML demos: a page in a frame within a frame; it shows, prints, and reaches nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.demos.sandbox.desk import Desk, Trap
from tests.browser.demos.sandbox.test_runs import error_of, text_of

HERE = Path(__file__).parent


def test_html_css_and_script_come_together(desk: Desk) -> None:
    page = {
        "html": "<h1>Hi</h1><button onclick=\"console.log('clicked')\">x</button>",
        "css": "h1 { color: rgb(1, 2, 3) }",
        "script": "console.log(getComputedStyle(document.querySelector('h1')).color, [1]);"
        "document.querySelector('button').click()",
    }
    assert text_of(desk.call("live", page, 2)) == "rgb(1, 2, 3) [ 1 ]\nclicked\n"


def test_errors_name_the_line_of_the_script(desk: Desk) -> None:
    told = desk.call("live", {"html": "<p>\n\n</p>", "script": "let x = 1;\nnull.x;"}, 1)
    assert error_of(told)["line"] == 2
    told = desk.call("live", {"html": "<p>\n\n</p>", "script": "Promise.reject(new RangeError('lost'))"}, 1)
    assert error_of(told)["type"] == "RangeError"


def test_a_text_that_would_close_its_element_stays_inside_it(desk: Desk) -> None:
    page = {
        "css": "p::after { content: '</style><img src=x onerror=console.log(1)>' }",
        "script": "console.log('</script><b>', document.querySelectorAll('b, img').length)",
    }
    assert text_of(desk.call("live", page, 1)) == "</script><b> 0\n"


def test_endless_loops_are_stopped_where_the_browser_would_stand_still(desk: Desk) -> None:
    told = desk.call("live", {"html": "<script>console.log(1)\nfor (;;);</script>", "script": "console.log(2)"}, 3)
    assert text_of(told) == "1\n2\n"
    assert "a loop ran for more than 3 seconds" in error_of(told)["text"]
    told = desk.call(
        "live", {"html": "<b onclick='while (1);'></b>", "script": "document.querySelector('b').click()"}, 1
    )
    assert "a loop ran" in error_of(told)["text"]


def test_a_loop_that_waits_may_go_on(desk: Desk) -> None:
    loop = "for (let i = 0; i < 400; i++) await new Promise((done) => setTimeout(done, 9));"
    script = f"(async () => {{ {loop} console.log('done') }})()"
    assert text_of(desk.call("live", {"script": script}, 1)) == "done\n"


def test_where_frames_have_processes_of_their_own_a_page_that_hangs_is_ended_and_the_page_around_lives(
    desk_apart: Desk,
) -> None:
    script = "const s = document.createElement('script'); s.textContent = 'for (;;);'; document.body.append(s)"
    told = desk_apart.call("live", {"script": script}, 1)
    assert "did not answer" in error_of(told)["text"]
    assert told["ticks"] > 100
    assert text_of(desk_apart.call("live", {"script": "console.log(1)"}, 1)) == "1\n"


def test_what_prints_for_ever_is_cut_off(desk: Desk) -> None:
    told = desk.call("live", {"script": "for (let i = 0; i < 1e4; i++) console.log('x'.repeat(1000))"}, "stderr")
    assert len(text_of(told)) <= 100_000
    assert "more is not shown" in text_of(told, "stderr")
    told = desk.call(
        "live",
        {"script": "for (let i = 0; i < 1e4; i++) parent.postMessage({ output: { kind: 'stdout', data: 'x' } }, '*')"},
        "error",
    )
    assert "put out too much" in error_of(told)["text"]


def test_a_page_reaches_no_host(each_desk: Desk, trap: Trap) -> None:
    host = f"http://{trap.address}"
    html, script = (
        (HERE / name).read_text(encoding="utf-8").replace("HOST", host) for name in ("reach.html", "reach.js")
    )
    assert text_of(each_desk.call("live", {"html": html, "script": script}, 1, 800)) == "done\n"
    assert trap.caught == []


def test_no_frame_in_a_page_has_webrtc(each_desk: Desk) -> None:
    html = (HERE / "nested.html").read_text(encoding="utf-8")
    assert text_of(each_desk.call("live", {"html": html}, 1)).splitlines() == [
        "undefined",
        "own handler: undefined",
        "own text: undefined undefined",
    ]


def test_what_a_page_puts_into_itself_later_runs_there(desk: Desk) -> None:
    script = """
      document.body.innerHTML = `<b onclick="console.log('handler', event.type, this.localName)"></b>`;
      document.body.append(Object.assign(document.createElement("script"), { textContent: "var later = 'script'" }));
      document.body.append(Object.assign(document.createElement("script"), { textContent: "null.x", type: "text/plain" }));
      setTimeout(() => {
        document.querySelector("b").click();
        console.log(later);
      });"""
    assert text_of(desk.call("live", {"script": script}, 2)) == "handler click b\nscript\n"


LEAVING = {
    "location": "location = host",
    "replace": "location.replace(host)",
    "link": "const a = document.createElement('a'); a.href = host; document.body.append(a); a.click()",
    "link elsewhere": "document.body.innerHTML = '<a target=_top>x</a>'; const a = document.links[0]; a.href = host; a.click()",
    "form": "document.body.innerHTML = '<form></form>'; document.forms[0].action = host; document.forms[0].submit()",
    "frame": "document.body.innerHTML = '<iframe></iframe>'; frames[0].location = host",
    "refresh": "document.head.innerHTML += `<meta http-equiv=refresh content='0; url=${host}'>`",
    "written": "document.open(); document.write(`<meta http-equiv=refresh content='0; url=${host}'>`); document.close()",
}


@pytest.mark.parametrize("way", LEAVING)
def test_a_page_cannot_leave_for_another_host(desk: Desk, trap: Trap, way: str) -> None:
    script = f"const host = 'http://{trap.address}/'; console.log('tries'); {LEAVING[way]}"
    assert desk.call("live", {"script": script}, 1, 400)["outputs"][0]["data"] == "tries\n"
    assert trap.caught == []


def test_with_net_it_does(desk: Desk, trap: Trap) -> None:
    script = f"fetch('http://{trap.address}').then((answer) => answer.text()).then(console.log)"
    assert text_of(desk.call("live", {"script": script, "net": True}, 1)) == "caught\n"


def test_a_page_reads_nothing_of_the_site(each_desk: Desk) -> None:
    script = """
      for (const attempt of [
        () => localStorage.secret, () => sessionStorage.length, () => document.cookie,
        () => indexedDB.open("secret"), () => top.caches, () => parent.document, () => parent.parent.document,
        () => top.localStorage, () => parent.port.postMessage, () => top.desk,
        () => frameElement.ownerDocument, () => window.open(), () => top.location.href,
      ]) {
        let said = "refused";
        try { if (attempt()) said = `reached ${attempt}` } catch {}
        console.log(said);
      }"""
    assert set(text_of(each_desk.call("live", {"script": script}, 13)).splitlines()) == {"refused"}


def test_forms_can_be_used_but_lead_nowhere(desk: Desk) -> None:
    page = {
        "html": '<form><input name="a" value="1"></form>',
        "script": "const form = document.forms[0];"
        "form.addEventListener('submit', (event) => console.log(new FormData(form).get('a')));"
        " form.requestSubmit(); console.log(location.href)",
    }
    assert text_of(desk.call("live", page, 2)) == "1\nabout:srcdoc\n"


def test_its_height_follows_what_is_in_it(desk: Desk) -> None:
    page = {"html": "<div style='height: 300px'></div>", "script": "console.log(1)"}
    told = desk.call("live", page, 1, 0, "3")
    assert 300 <= float(told["height"].removesuffix("px")) < 400
    told = desk.call("live", {**page, "height": 5}, 1, 300)
    assert told["height"] == "110px"


def test_the_empty_room_runs_nothing_when_it_is_opened_by_itself(desk_apart: Desk) -> None:
    page = desk_apart.page  # type: ignore[attr-defined]
    answer = page.evaluate(
        """async () => {
          const frame = document.createElement("iframe");
          frame.src = "assets/demos/sandbox.html";
          document.body.append(frame);
          await new Promise((done) => (frame.onload = done));
          const { port1, port2 } = new MessageChannel();
          frame.contentWindow.postMessage("port.postMessage(origin)", "*", [port2]);
          return new Promise((done) => { port1.onmessage = ({ data }) => done(data); setTimeout(() => done("nothing"), 500); });
        }"""
    )
    assert answer == "nothing"
