"""Which files nobody may see yet: those that only gated text, drafts and future posts name."""

from __future__ import annotations

import pytest

from site_builder.content.attachments import withheld_files
from site_builder.content.library import find_documents, read_documents
from tests.sites import TODAY, Blog


def withheld(blog: Blog) -> set[str]:
    settings = blog.settings
    documents = read_documents(find_documents(settings.docs_dir), settings, TODAY)
    return {path.name for path in withheld_files(documents, settings.docs_dir)}


def files(blog: Blog, *names: str) -> None:
    for name in names:
        blog.write(f"content/blog/posts/{name}", name)


@pytest.mark.parametrize(
    "text",
    [
        '```python demo files="a.csv data/b.csv"\n1\n```',
        "```python demo files='a.csv data/b.csv' timeout=3\n1\n```",
        "~~~sql demo database=a.csv seed=data/b.csv\n1\n~~~",
        '- In a list:\n\n    ```js exercise id="x" files="./a.csv data/b.csv"\n    1\n    ```',
        '> ```python demo files="../posts/a.csv data/b.csv"\n> 1\n> ```',
        '- ```` python demo hidden files="a.csv data/b.csv"\n  1\n  ````',
        "[one](a.csv) ![two](data/b.csv)",
    ],
)
def test_files_that_a_draft_or_a_gated_part_names_are_withheld(blog: Blog, text: str) -> None:
    files(blog, "a.csv", "data/b.csv", "c.csv")
    blog.post("a", f"# A\n\n{text}\n", header="draft: true")
    assert withheld(blog) == {"a.csv", "b.csv"}
    blog.post("a", f"# A\n\n<!-- paywall -->\n\n{text}\n", header="access: pro")
    assert withheld(blog) == {"a.csv", "b.csv"}


def test_a_file_that_public_text_names_too_is_not(blog: Blog) -> None:
    files(blog, "a.csv", "b.csv")
    blog.post("a", '# A\n\n```python demo files="a.csv b.csv"\n1\n```\n', header="draft: true")
    blog.post("b", '# B\n\n```python demo files="b.csv"\n1\n```\n')
    assert withheld(blog) == {"a.csv"}


def test_what_code_says_of_files_names_none(blog: Blog) -> None:
    files(blog, "a.csv")
    blog.post("a", '# A\n\n```python\nopen(files="a.csv")\n```\n', header="draft: true")
    assert withheld(blog) == set()
