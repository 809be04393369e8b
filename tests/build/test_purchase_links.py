"""The address of an offer may name the post on whose card it stands, so that a payment can tell which post led to it."""

from __future__ import annotations

import re
from collections.abc import Callable

from site_builder.engagement.manifest import Manifest
from tests.sites import MATERIAL, Blog

TEXT = "# {title}\n\nPublic words of {title}.\n\n<!-- paywall -->\n\nFor members who read {title}.\n"
ADDRESS = "https://buy.example.com/pro?prefilled=1&client_reference_id={post}"


def test_the_card_of_each_post_links_with_its_id(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("sold", plugins=(*MATERIAL, "engagement"))
    config = blog.config.read_text("utf-8").replace("name: Pro,", f'name: Pro, url: "{ADDRESS}",')
    blog.config.write_text(config, "utf-8")
    blog.post("a", TEXT.format(title="Caches"), header="access: pro")
    blog.post("b", TEXT.format(title="Queues"), header="access: pro\nid: of-my-own")
    blog.write("content/plain.md", f"---\naccess: pro\n---\n{TEXT.format(title='No post')}")
    blog.build()
    manifest = Manifest.parse((blog.site / "engagement/manifest.json").read_bytes())
    assert len(manifest.posts) == 2
    for post in manifest.posts:
        page = blog.page(post.url.removeprefix("https://blog.example.com/"))
        [link] = re.findall(r'href="(https://buy[^"]*)"', page)
        assert link == ADDRESS.replace("&", "&amp;").replace("{post}", post.id)
    [link] = re.findall(r'href="(https://buy[^"]*)"', blog.page("plain/"))
    assert "{post}" not in link and not any(post.id in link for post in manifest.posts)
