from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.scaffold.slug import LONGEST, slugify


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Why our cache was slower", "why-our-cache-was-slower"),
        ("  C++, C# & Go: a tour!  ", "c-c-go-a-tour"),
        ("Don't panic; it’s fine", "dont-panic-its-fine"),
        ("HTTP/2 in 2027", "http-2-in-2027"),
        ("snake_case — or not?", "snake-case-or-not"),
        ("../../etc/passwd", "etc-passwd"),
        ("Überraschung in Ærø", "überraschung-in-ærø"),
        ("E\u0301te\u0301", "été"),
        ("用 Ｐｙｔｈｏｎ 写协程：第一课", "用-python-写协程-第一课"),
        ("हिन्दी में", "हिन्दी-में"),
        ("?!… —", ""),
    ],
)
def test_a_title_becomes_letters_and_digits_with_hyphens_between(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(st.text())
def test_a_slug_is_a_safe_name_of_a_file_whatever_the_title(title: str) -> None:
    slug = slugify(title)
    assert len(slug.encode()) <= LONGEST
    assert not slug.startswith("-") and not slug.endswith("-") and "--" not in slug
    assert all(letter == "-" or letter.isprintable() for letter in slug)
    assert not set(slug) & set('/\\.:*?"<>| _')


@given(st.text())
def test_the_slug_of_a_slug_is_the_slug(title: str) -> None:
    assert slugify(slugify(title)) == slugify(title)
