"""A made-up site with its readers: the same events for the same numbers, spread over posts, days and kinds of readers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from site_builder.analytics.period import day_number
from site_builder.analytics.record import DAY, Record
from site_builder.engagement.manifest import HeadingFacts, Manifest, PostFacts

SITE = "made-up"
LAST_DAY = date(2026, 11, 22)
EVENING = day_number(LAST_DAY) * 86_400 + 21 * 3600
"""Nine o'clock on the last day, in UTC, in seconds since 1970."""
MINUTE = 60_000
_AUTHORS = ("Ada", "Grace", "Linus")
_TAGS = ("python", "sql", "rust", "测试", "web")
_SOURCES = ("", "", "", "news.example.com", "search.example.com", "forum.example.com")
_CAMPAIGNS = (("newsletter", "mail", "november"), ("forum.example.com", "", ""), ("it's", "a\\b", '"q"'))
_AGENTS = (
    ("Firefox", "Linux", "desktop"),
    ("Chrome", "Windows", "desktop"),
    ("Safari", "iOS", "phone"),
    ("Chrome", "Android", "phone"),
    ("Safari", "iOS", "tablet"),
)
_WORDS = ("It's clear.", 'A "quoted" \\ word', "看懂了，谢谢！", "Two\nlines\tand a tab", "=1+1", "")


def identifier(number: int, kind: int = 0) -> str:
    """A UUID text of its own for each number."""
    text = f"{(number * 0x9E3779B97F4A7C15 + kind) % (1 << 64):016x}{number:016x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"


def manifest(posts: int = 40) -> Manifest:
    """Posts, of which every fourth has a part for members, and the last ten are two courses of five chapters."""
    return Manifest(
        site=SITE,
        url="https://example.com/",
        title="Made up",
        language="en",
        posts=tuple(_post(number, posts) for number in range(posts)),
    )


def _post(number: int, posts: int) -> PostFacts:
    place = number - (posts - 10)
    chapter = place % 5 + 1 if place >= 0 else None
    published = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(number)
    return PostFacts(
        id=identifier(number, 1),
        url=f"https://example.com/post-{number}/",
        title=f"Post {number}",
        kind="chapter" if chapter else "post",
        language="zh" if number % 7 == 0 else "en",
        authors=_AUTHORS[number % 3 : number % 3 + 1 + (number % 5 == 0)],
        tags=tuple(sorted({_TAGS[number % 5], _TAGS[number // 5 % 5]})),
        categories=("Notes",) if number % 2 else (),
        course=("first", "second")[place // 5] if chapter else "",
        chapter=chapter,
        access=("pro",) if number % 4 == 0 else (),
        words=900,
        minutes=4,
        published=published,
        updated=published,
        headings=tuple(HeadingFacts(id=f"part-{one}", title=f"Part {one}") for one in range(6)),
    )


def events(count: int, *, days: int = 30, posts: int = 40, seed: int = 1, last: date = LAST_DAY) -> Iterator[Record]:
    """So many events of the ``days`` up to ``last``, in the order of time but for some that came late."""
    chance = random.Random(seed)
    facts = manifest(posts).posts
    made = 0
    first = day_number(last) - days + 1
    a_day = count * 2 // 7 // days + 1  # a view has some three and a half events
    for number in range(count):
        if made >= count:
            return
        at = first * DAY + made * (days * DAY) // count + chance.randrange(1000)
        for record in _view(chance, number, at, facts, a_day):
            if made < count:
                made += 1
                yield record


def _view(chance: random.Random, number: int, at: int, facts: tuple[PostFacts, ...], a_day: int) -> Iterator[Record]:
    """A page view with all that is reported of it."""
    who = chance.randrange(max(a_day // 2, 2))
    visitor = f"{(at // DAY * 1_000_003 + who) * 0x9E3779B97F4A7C15 % (1 << 64):016x}"
    browser, os, device = _AGENTS[who % len(_AGENTS)]
    bot = 90 if who % 25 == 0 else (10 if who % 10 == 0 else 0)
    post = None if chance.random() < 0.08 else facts[min(int(chance.expovariate(6 / len(facts))), len(facts) - 1)]
    campaign = chance.choice(_CAMPAIGNS) if chance.random() < 0.1 else ("", "", "")
    page = Record(
        id=identifier(number, 2), site=SITE, name="pageview", t=at, received=at + 900, pv=identifier(number, 3),
        url=f"/post-{facts.index(post)}/" if post else "/",
        utm_source=campaign[0], utm_medium=campaign[1], utm_campaign=campaign[2],
        post=post.id if post else "", visitor=visitor, member=f"{who:032x}" if who % 30 == 1 else "", ref=chance.choice(_SOURCES),
        width=390 if device == "phone" else 1280, browser=browser, os=os, device=device,
        lang=chance.choice(("en", "en-GB", "zh-CN")),
        bot=bot, props={"lang": "en"},
    )  # fmt: skip
    yield page
    if post is None:
        return
    told = 0

    def event(name: str, after: int, **props: object) -> Record:
        nonlocal told
        told += 1
        return page._replace(
            id=identifier(number, 10 + told), name=name, t=at + after, received=at + after + 900, ref="", utm_source="",
            utm_medium="", utm_campaign="", props=props,
        )  # fmt: skip

    depth, seconds = min(int(chance.triangular(0, 130, 60)), 100), chance.randrange(5, 600)
    for part in (1, 2):
        scroll = depth * part // 2
        heading = {"heading": f"part-{scroll // 18}"} if scroll > 5 else {}
        yield event("engagement", seconds * 500 * part, scroll=scroll, active_ms=seconds * 400 * part, **heading)
    share = chance.random()
    if share < 0.1:
        yield event("reaction", 1000, kind=chance.choice(("like", "love")))
    elif share < 0.16:
        yield event("feedback", 2000, helpful=chance.random() < 0.8, text=chance.choice(_WORDS))
    elif share < 0.25:
        yield event("demo_run", 3000, demo=f"demo-{chance.randrange(2)}", ok=chance.random() < 0.9)
    elif share < 0.3:
        yield event("exercise", 3500, demo="demo-0", event=chance.choice(("pass", "fail", "hint", "solution")))
    elif share < 0.34:
        yield event("quiz", 4000, quiz="quiz-0", right=chance.randrange(4), of=3)
    elif share < 0.36:
        yield event("share", 5000, to=chance.choice(("copy", "native")))
    elif share < 0.38:
        yield event("x_calculator_used", 5000, sum=chance.randrange(9), deep=True)
    if post.access and depth > 40:
        yield event("paywall_view", 6000, part="1")
        if chance.random() < 0.6:
            yield event("cta_view", 7000, offer=chance.choice(("pro", "book")))
        if chance.random() < 0.2:
            yield event("cta_click", 8000, **chance.choice(({"offer": "pro"}, {"to": "unlock"})))
        if chance.random() < 0.1:
            yield event("unlock", 9000, tier="pro")
            currency = ("EUR", "USD", "JPY")[number % 3]
            bought = event("purchase", 8500, offer="pro", amount=1200 + number % 100, currency=currency)
            # Providers tell of no page, and of a refund not even the post.
            payer = bought._replace(
                pv="", url="", lang="", browser="", os="", device="", width=0, bot=0, visitor=bought.id[:8] * 2
            )
            yield payer
            if number % 4 == 0:
                given_back = payer._replace(id=identifier(number, 40), name="refund", post="")
                yield given_back._replace(props={"offer": "pro", "amount": 500, "currency": currency})
    elif share > 0.99:
        yield event("newsletter_signup", 9000, form="footer")
