"""`site-builder init` and `site-builder new`: a blog to begin with, and posts and pages to fill it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from site_builder.cli.dates import today
from site_builder.cli.options import Day, config_file
from site_builder.scaffold.article import Heading, new_page, new_post
from site_builder.scaffold.blog import LANGUAGES, describe, name_of
from site_builder.scaffold.layout import lay_out


@click.command(epilog='Example:  site-builder init my-blog --name "My Blog" --url https://example.com/')
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What the blog is called. [default: made of DIR]")
@click.option("--author", default="Ada Example", show_default=True, help="Who writes it.")
@click.option("--url", default="https://example.com/", show_default=True, help="The address at which it will stand.")
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language of its pages."
)
def init(folder: Path, name: str | None, author: str, url: str, lang: str) -> None:
    """Lay out a new blog in DIR, with a master key of its own.

    DIR must be empty or not there yet. Everything is written, or nothing.
    """
    blog = describe(name_of(folder.resolve()) if name is None else name, author, url, lang, today())
    files = lay_out(folder, blog)
    click.echo(f'Laid out "{blog.name}" in {folder}: {len(files)} files, and a master key in .site-builder/.\n')
    click.echo("Next:")
    click.echo(f"  cd {folder}")
    for command, purpose in (
        ("site-builder serve", "look at it while you write"),
        ('site-builder new post "A title"', "begin an article"),
        ("site-builder build", "make the folder site/, which any web host can serve"),
    ):
        click.echo(f"  {command:<34}  {purpose}")
    click.echo("\nREADME.md tells how to publish it. Keep a copy of .site-builder/master.key where you keep passwords.")


@click.group(epilog='Example:  site-builder new post "Why caches lie" --access pro')
def new() -> None:
    """Begin a post or a page."""


def _heading(command: Callable[..., None]) -> Callable[..., None]:
    """The title and the options that posts and pages share."""
    decorators: tuple[Callable[[Any], Any], ...] = (
        click.argument("title"),
        click.option("--access", help="Who may read it: public, members, a tier or a product."),
        click.option("--tag", "tags", multiple=True, metavar="T", help="A tag; may be repeated."),
        click.option("--draft", is_flag=True, help="Keep it from being published."),
        config_file,
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command


@new.command(epilog='Example:  site-builder new post "Why caches lie" --access pro --tag caching')
@_heading
@click.option("--date", "day", type=Day(), metavar="D", help="The day of publication. By default today, in UTC.")
def post(
    title: str, access: str | None, tags: tuple[str, ...], draft: bool, config_file: Path, day: date | None
) -> None:
    """Begin a post of the blog, and print the path of its file."""
    _show(new_post(config_file, Heading(title.strip(), access, tags, draft), day or today()))


@new.command(epilog='Example:  site-builder new page "Talks and slides"')
@_heading
def page(title: str, access: str | None, tags: tuple[str, ...], draft: bool, config_file: Path) -> None:
    """Begin a page beside the blog, and print the path of its file. Name it in `nav` if mkdocs.yml has one."""
    _show(new_page(config_file, Heading(title.strip(), access, tags, draft)))


def _show(file: Path) -> None:
    here = Path.cwd()
    click.echo(file.relative_to(here) if file.is_relative_to(here) else file)
