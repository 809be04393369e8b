"""What all tests share: an environment without keys, and a blog to build."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sites import Blog, make_blog


@pytest.fixture(autouse=True)
def no_keys_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or date in the environment of whoever runs the tests must not change them."""
    for name in [name for name in os.environ if name.startswith("SITE_BUILDER_") and name != "SITE_BUILDER_BROWSER"]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_loop_of_a_browser() -> Iterator[None]:
    """Playwright's event loop counts as running while there is a browser; tests without one have loops of their own."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A blog with Material's own plugins and no posts yet."""
    return make_blog(tmp_path / "blog")


@pytest.fixture
def new_blog(tmp_path: Path) -> Callable[..., Blog]:
    """Makes further blogs: ``new_blog("name", plugins=…)``."""
    return lambda name, **options: make_blog(tmp_path / name, **options)
