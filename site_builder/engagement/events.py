"""The one definition of what a browser may report: the collector reads by it, and ``events.schema.json`` is made of it.

``Body`` is the whole of a request. A bad event must not take the good ones with it, so that the collector reads a ``Batch``,
whose events are not looked at yet, and then each event by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, Union

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
    create_model,
    model_validator,
)

from site_builder.content.offers import SiteId

MAX_BODY = 65_536
"""Bytes of a request."""
MAX_EVENTS = 100
DIALECT = "https://json-schema.org/draft/2020-12/schema"
CUSTOM = "x_"
"""What the names of a site's own events begin with."""
_DAY = 86_400_000
_LAST = 253_402_300_799_999  # the year 9999, in ms
_EXACT = (1 << 53) - 1  # the largest whole number that a browser can count to

# Each pattern says the same to Python, to Rust's regex and to JavaScript's.
Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Millis = Annotated[int, Field(ge=0, le=_LAST)]
Path = Annotated[str, StringConstraints(max_length=2000, pattern=r"^/(?:[^/\\\x00-\x20\x7f][^\x00-\x20\x7f]*)?$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$")]
OwnName = Annotated[str, StringConstraints(pattern=r"^x_[a-z0-9][a-z0-9_]{0,37}$")]
OwnKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
OwnText = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
_EITHER_WAY = Field(ge=-_EXACT, le=_EXACT)
OwnValue = OwnText | bool | Annotated[int, _EITHER_WAY] | Annotated[float, _EITHER_WAY]


class _Strict(BaseModel):
    """Nothing is taken for something else, and no key is passed over."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Props(_Strict):
    """What an event says beside where and when it happened; nothing by itself."""


class PageviewProps(Props):
    lang: Language | None = None
    """The language that the browser asks for first."""


class EngagementProps(Props):
    """Sums since the page view began, so that of several the largest counts."""

    scroll: int = Field(ge=0, le=100)
    """How far down the text of the article has been seen, in per cent."""
    active_ms: int = Field(ge=0, le=_DAY)
    """How long the page was seen, had the focus, and was used."""
    heading: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = (
        None
    )
    """The id of the furthest heading that was reached."""


class ReactionProps(Props):
    kind: Word


class FeedbackProps(Props):
    helpful: bool
    text: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")] | None = None


class ShareProps(Props):
    to: Word
    """``copy``, ``native`` for the system's own, or the name of a service."""


class DemoRunProps(Props):
    demo: Id
    ok: bool


class ExerciseProps(Props):
    demo: Id
    event: Literal["pass", "fail", "hint", "solution"]


class QuizProps(Props):
    quiz: Id
    right: int = Field(ge=0, le=1000)
    of: int = Field(ge=1, le=1000)

    @model_validator(mode="after")
    def _no_more_than_all(self) -> Self:
        if self.right > self.of:
            raise ValueError("more right answers than questions")
        return self


class PaywallViewProps(Props):
    part: Id
    """The gated part, as `blog/posts/sealed#1`."""


class CtaViewProps(Props):
    offer: Id
    """The id of a tier or product."""


class CtaClickProps(Props):
    offer: Id | None = None
    """The id of a tier or product; none where a link leads to all of them, or to the page that unlocks."""
    to: Word | None = None
    """Where it leads if to no offer: ``offers`` or ``unlock``."""


class UnlockProps(Props):
    tier: Id | None = None


class GiftOpenProps(Props):
    pass


class NewsletterSignupProps(Props):
    form: Id | None = None


class Event(_Strict):
    """One thing that happened at a hook. ``props`` is as in ``PROPS``, or a mapping if the name is a site's own."""

    id: Uuid
    """Made by the browser, so that sending it again does no harm."""
    name: str
    t: Millis
    """When, by the visitor's clock, in ms since 1970."""
    pv: Uuid
    """The page view that it belongs to."""
    url: Path
    """The page's path, with its query."""
    post: Uuid | None = None
    """The post or chapter: its id in ``engagement/manifest.json``."""
    props: Any

    @property
    def told(self) -> dict[str, Any]:
        """``props`` as plain values, without what was not said."""
        return dict(self.props) if isinstance(self.props, dict) else self.props.model_dump(exclude_none=True)


class OwnEvent(Event):
    """One of the site's own, such as ``x_calculator_used``."""

    name: OwnName
    props: Annotated[dict[OwnKey, OwnValue], Field(max_length=10)] = Field(default_factory=dict)


PROPS: dict[str, type[Props]] = {
    "pageview": PageviewProps,
    "engagement": EngagementProps,
    "reaction": ReactionProps,
    "feedback": FeedbackProps,
    "share": ShareProps,
    "demo_run": DemoRunProps,
    "exercise": ExerciseProps,
    "quiz": QuizProps,
    "paywall_view": PaywallViewProps,
    "cta_view": CtaViewProps,
    "cta_click": CtaClickProps,
    "unlock": UnlockProps,
    "gift_open": GiftOpenProps,
    "newsletter_signup": NewsletterSignupProps,
}
EVENT_NAMES = tuple(PROPS)
"""Those that every site has; a site's own begin with ``x_``. Money is in none: that is believed only from who took it."""


def _kind(name: str, props: type[Props]) -> type[Event]:
    needed = any(field.is_required() for field in props.model_fields.values())
    fields: dict[str, Any] = {"name": (Literal[name], ...), "props": (props, ... if needed else props())}
    return create_model(props.__name__.removesuffix("Props"), __base__=Event, __doc__=props.__doc__, **fields)


def _tag(value: Any) -> str | None:
    name = value.get("name") if isinstance(value, dict) else getattr(value, "name", None)
    if not isinstance(name, str):
        return None
    return CUSTOM if name.startswith(CUSTOM) else name


if TYPE_CHECKING:
    AnyEvent = Event
else:
    _KINDS = [Annotated[_kind(name, props), Tag(name)] for name, props in PROPS.items()]
    AnyEvent = Annotated[Union[(*_KINDS, Annotated[OwnEvent, Tag(CUSTOM)])], Discriminator(_tag)]


class _Request(_Strict):
    v: Literal[1]
    """The version of this form."""
    site: SiteId
    """Whose events these are: ``site`` in mkdocs.yml."""
    sent: Millis
    """When it was sent, by the visitor's clock; how far that is off is known from when it came."""
    ref: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x20\x7f]*$")] | None = None
    """The address from which the visitor came to the site."""
    width: int | None = Field(default=None, ge=0, le=65_535)
    """Of the window, in CSS pixels."""
    member: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")] | None = None
    """A member's id: only with the visitor's consent."""


class Body(_Request):
    """What ``POST /e`` takes."""

    events: Annotated[list[AnyEvent], Field(min_length=1, max_length=MAX_EVENTS)]


class Batch(_Request):
    """A body whose events are still to be looked at, one by one."""

    events: Annotated[list[Any], Field(min_length=1, max_length=MAX_EVENTS)]


@dataclass(frozen=True)
class Rejected:
    """An event that is none: its place in the body, and why, in words that repeat nothing of what was sent."""

    index: int
    reason: str


_EVENT: TypeAdapter[Event] = TypeAdapter(AnyEvent)


def read_batch(raw: bytes) -> Batch:
    """The body of a request, its events as they came. ``MAX_BODY`` is for who receives it to keep.

    Raises:
        ValueError: no JSON, or not a body; its text is ``reason``'s.
    """
    try:
        return Batch.model_validate_json(raw)
    except ValidationError as error:
        raise ValueError(reason(error)) from None


def read_events(values: Iterable[Any]) -> tuple[list[Event], list[Rejected]]:
    """The good ones of a batch's events, in order, and what is wrong with each of the others. Ids may stand twice."""
    good: list[Event] = []
    bad: list[Rejected] = []
    for index, value in enumerate(values):
        try:
            good.append(_EVENT.validate_python(value))
        except ValidationError as error:
            bad.append(Rejected(index, reason(error)))
    return good, bad


def reason(error: ValidationError) -> str:
    """The first thing that is wrong, with where it stands: ``props.scroll: Input should be less than or equal to 100``."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "union_tag_invalid":
        return "name: no event that a browser may report"
    if first["type"] == "union_tag_not_found":
        return "name: missing, or no text"
    if first["loc"][:2] == (CUSTOM, "props"):  # a key, which comes next, is the sender's own words
        return (
            "props: up to 10 words of small letters, each with a text of up to 300 characters, a number, true or false"
        )
    where = ".".join(str(step) for step in first["loc"] if step not in PROPS and step != CUSTOM)
    if first["type"] == "extra_forbidden":
        where = where.rpartition(".")[0]  # so is an unknown one
    return f"{where or 'body'}: {first['msg']}"


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``Body``."""
    return {"$schema": DIALECT, **Body.model_json_schema(), "title": "What a reader's browser reports of a page"}
