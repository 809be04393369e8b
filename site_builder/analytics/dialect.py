"""The two dialects of the shared SQL: how a value, a list and the raw events are written for SQLite and for ClickHouse.

The shared SQL keeps to what both know, ClickHouse's release 18.16 too: no WITH, no window functions, every subquery named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from site_builder.analytics.store import Bound

_NAME = re.compile(r":([a-z]+)\b")
_ESCAPED = {"\\": r"\\", "'": r"\'", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\0": r"\0"}


def sqlite_query(sql: str, bound: Mapping[str, Bound]) -> tuple[str, dict[str, int | str]]:
    """The query and its values: a list is bound as JSON, so that it has no limit."""
    values: dict[str, int | str] = {}
    for name, value in bound.items():
        if isinstance(value, int | str):
            values[name] = value
        else:
            values[name] = json.dumps(list(value))
            sql = re.sub(rf":{name}\b", f"(SELECT value FROM json_each(:{name}))", sql)  # noqa: S608
    return sql.replace("{events}", "events"), values


def clickhouse_query(sql: str, bound: Mapping[str, Bound]) -> str:
    """The query with its values in it: releases before 19 know no parameters. FINAL: each event once, whatever was sent twice."""
    told = _NAME.sub(lambda found: literal(bound[found[1]]), sql)
    return told.replace("{events}", "events FINAL")


def literal(value: Bound) -> str:
    """A value as ClickHouse writes it; a list as what stands after IN."""
    if isinstance(value, str):
        return "'" + "".join(_ESCAPED.get(sign, sign) for sign in value) + "'"
    if isinstance(value, int):
        return str(value)
    return f"({', '.join(literal(one) for one in value)})"
