"""What a browser may report: the vectors, and that the models and the published schema say the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from site_builder.engagement.events import (
    EVENT_NAMES,
    MAX_BODY,
    PROPS,
    Event,
    json_schema,
    read_batch,
    read_events,
)

VECTORS = Path(__file__).parent / "vectors"
EVENTS: list[dict[str, Any]] = json.loads((VECTORS / "events.json").read_text("utf-8"))
BODIES: list[dict[str, Any]] = json.loads((VECTORS / "bodies.json").read_text("utf-8"))
GOOD = [vector["event"] for vector in EVENTS if "error" not in vector]
SCHEMA = Draft202012Validator(json_schema())
ODD = [None, True, 0, -1, 1 << 60, 0.5, "", "a", "a" * 2001, "\0", [], {}, [[]], {"a": {}}]


def body_with(event: Any) -> dict[str, Any]:
    return {"v": 1, "site": "test-blog", "sent": 1, "events": [event]}


def taken(event: Any) -> bool:
    return bool(read_events([event])[0])


@pytest.mark.parametrize("vector", EVENTS, ids=lambda vector: vector["name"])
def test_an_event_is_taken_or_refused_with_its_reason(vector: dict[str, Any]) -> None:
    good, bad = read_events([vector["event"]])
    assert len(good) + len(bad) == 1
    if "error" in vector:
        assert bad[0].index == 0 and bad[0].reason.startswith(vector["error"])
    else:
        assert bad == [] and good[0].name == vector["event"]["name"]
        assert good[0].told == vector["event"].get("props", {})


@pytest.mark.parametrize("vector", BODIES, ids=lambda vector: vector["name"])
def test_a_body_is_taken_or_refused_with_its_reason(vector: dict[str, Any]) -> None:
    error = vector.get("error", "")
    if error and not error.startswith("events."):
        with pytest.raises(ValueError) as refused:
            read_batch(vector["body"].encode("utf-8"))
        assert str(refused.value).startswith(error)
    else:
        _, bad = read_events(read_batch(vector["body"].encode("utf-8")).events)
        assert [f"events.{one.index}" for one in bad] == ([error] if error else [])


def test_every_kind_of_event_has_a_vector() -> None:
    assert {event["name"] for event in GOOD if not event["name"].startswith("x_")} == set(EVENT_NAMES) == set(PROPS)


def test_good_events_are_kept_when_others_are_refused() -> None:
    good, bad = read_events([GOOD[0], 3, GOOD[1], {**GOOD[0], "t": "now"}])
    assert [event.id for event in good] == [GOOD[0]["id"], GOOD[1]["id"]]
    assert [one.index for one in bad] == [1, 3]


def test_a_reason_repeats_nothing_of_what_was_sent() -> None:
    secret = "mbr_secret"
    for event in (
        {**GOOD[0], secret: 1},
        {**GOOD[0], "name": secret},
        {**GOOD[0], "url": secret},
        {**GOOD[0], "props": {secret: 1}},
        {**GOOD[0], "name": "x_own", "props": {secret: {}}},
        {**GOOD[0], "name": "x_own", "props": {"key": [secret]}},
        {**GOOD[0], "name": f"x_{secret}!"},
    ):
        _, [bad] = read_events([event])
        assert secret not in bad.reason
    with pytest.raises(ValueError) as refused:
        read_batch(json.dumps({**body_with(GOOD[0]), secret: 1}).encode())
    assert secret not in str(refused.value)


def test_json_that_is_very_deep_is_refused_and_not_followed() -> None:
    with pytest.raises(ValueError, match="recursion limit"):
        read_batch(b"[" * MAX_BODY)


def test_the_schema_is_one_of_2020_12_and_names_every_event() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    text = json.dumps(schema)
    assert all(f'"const": "{name}"' in text for name in EVENT_NAMES)


def variants(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The event with each of its values, and of those in ``props``, taken out or replaced by something odd."""
    common = [*event, "more"] if event["name"] == "pageview" else ["name", "props"]
    for path in [*((key,) for key in common), *(("props", key) for key in [*list(event.get("props", {}))[:3], "more"])]:
        for value in (..., *ODD):
            changed = copy.deepcopy(event)
            into = changed if len(path) == 1 else changed.setdefault("props", {})
            if value is ...:
                into.pop(path[-1], None)
            else:
                into[path[-1]] = value
            yield changed


# The schema can't say that no more answers are right than there are questions.
ALIKE = {event["name"]: event for event in GOOD if event["name"] != "quiz"}


@pytest.mark.parametrize("name", ALIKE)
def test_the_schema_takes_what_the_models_take(name: str) -> None:
    taken_once = refused_once = False
    for event in variants(ALIKE[name]):
        models = taken(event)
        assert SCHEMA.is_valid(body_with(event)) == models, event
        taken_once |= models
        refused_once |= not models
    assert taken_once and refused_once


def test_no_more_answers_are_right_than_there_are_questions() -> None:
    event = next(event for event in GOOD if event["name"] == "quiz")
    assert taken(event) and not taken({**event, "props": {"quiz": "memory", "right": 5, "of": 4}})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_bytes_are_taken_for_a_body_that_are_none(raw: bytes) -> None:
    with pytest.raises(ValueError):
        read_batch(raw)


@settings(max_examples=150, deadline=None)
@given(JSON, st.sampled_from(GOOD), st.sampled_from(["id", "name", "t", "pv", "url", "post", "props"]))
def test_whatever_stands_in_an_event_it_is_taken_or_refused(value: Any, event: dict[str, Any], key: str) -> None:
    good, bad = read_events([{**event, key: value}])
    assert len(good) + len(bad) == 1
    assert all(isinstance(one, Event) for one in good) and all(one.reason for one in bad)
