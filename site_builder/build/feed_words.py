"""What the pages of feeds say to readers, in English and Chinese; for the template ``feed.html``."""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = {
    "feeds": "Feeds",
    "lead": "A feed brings new articles to you. A feed reader, which is an app or a part of your browser, shows each one as it is"
    " published. It takes no account and no e-mail address, and nobody learns what you read.",
    "site": "All articles",
    "category": "Articles in “%s”",
    "tag": "Articles tagged “%s”",
    "author": "Articles by %s",
    "course": "Course: %s",
    "language": "Articles in %s",
    "podcast": "Podcast",
    "email": "For services that send feeds by e-mail",
    "address": "Address",
    "rss": "Every feed reader knows it. If in doubt, take this one.",
    "atom": "The same in a later format.",
    "json": "The same for programs that would rather read JSON.",
    "premium": "Of articles for members it has the beginning, and a link to the rest.",
    "members": "Members find feeds with the full text on their account page.",
    "how": "How to subscribe",
    "take": "Copy the address above.",
    "paste": "In your feed reader, choose “Add feed” or “Subscribe”, and paste it.",
    "paste podcast": "In your podcast app, choose “Add by address” or “Follow a show by URL”, and paste it.",
    "done": "That is all. To stop, remove it there; nobody needs to know.",
    "readers": "No feed reader yet? There are free ones for every device: Thunderbird for computers, NetNewsWire for Apple’s,"
    " Feeder for Android, and many more.",
    "newest": "What is in it",
    "empty": "Nothing yet. The first article will be in it.",
    "badge": "for members",
    "all": "All feeds",
    "by podcast": "Podcast",
    "by category": "By category",
    "by tag": "By tag",
    "by author": "By author",
    "by course": "By course",
    "by language": "By language",
    "by email": "By e-mail",
}
_CHINESE = {
    "feeds": "订阅源",
    "lead": "订阅源把新文章送到您面前。阅读器（一个应用，或浏览器的一部分）会在每篇文章发布时显示它。不需要账号，不需要邮箱，"
    "也没有人知道您读了什么。",
    "site": "全部文章",
    "category": "分类“%s”中的文章",
    "tag": "标签为“%s”的文章",
    "author": "%s 的文章",
    "course": "课程：%s",
    "language": "%s文章",
    "podcast": "播客",
    "email": "用于把订阅源转成邮件的服务",
    "address": "地址",
    "rss": "所有阅读器都支持。不确定时，就选它。",
    "atom": "同样的文章，较新的格式。",
    "json": "同样的文章，供偏好 JSON 的程序使用。",
    "premium": "会员文章只有开头部分，并附有全文链接。",
    "members": "会员可以在账户页面找到包含全文的订阅源。",
    "how": "如何订阅",
    "take": "复制上面的地址。",
    "paste": "在阅读器中选择“添加订阅”，然后粘贴。",
    "paste podcast": "在播客应用中选择“通过地址添加”，然后粘贴。",
    "done": "这样就好了。想取消时，在阅读器里删除即可，无需告知任何人。",
    "readers": "还没有阅读器？每种设备都有免费的：电脑上有 Thunderbird，苹果设备有 NetNewsWire，安卓有 Feeder，等等。",
    "newest": "其中的文章",
    "empty": "还没有文章。第一篇会出现在这里。",
    "badge": "会员",
    "all": "全部订阅源",
    "by podcast": "播客",
    "by category": "按分类",
    "by tag": "按标签",
    "by author": "按作者",
    "by course": "按课程",
    "by language": "按语言",
    "by email": "邮件",
}


def feed_words(language: str) -> Mapping[str, str]:
    """The words for a site in that language: in Chinese for Chinese, else in English. ``lang`` is which of them."""
    chinese = language.lower().startswith("zh")
    return {**(_CHINESE if chinese else _ENGLISH), "lang": "zh" if chinese else "en"}
