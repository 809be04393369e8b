"""The dashboard's own words, in English and Chinese. What readers and authors wrote is shown as it is."""

from __future__ import annotations

from typing import Literal

from site_builder.analytics.table import NOTES

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
NAMES: dict[Language, str] = {"en": "English", "zh": "中文"}

_WORDS: dict[str, tuple[str, str]] = {
    # The page
    "dashboard": ("Dashboard", "数据面板"),
    "skip": ("Skip to the numbers", "跳到数据"),
    "views_nav": ("Views", "视图"),
    "sign_in": ("Sign in", "登录"),
    "sign_out": ("Sign out", "退出"),
    "key": ("Your key", "你的密钥"),
    "key_hint": (
        "The key that `site-builder analytics key` showed you.",
        "即 `site-builder analytics key` 显示给你的密钥。",
    ),
    "key_wrong": ("This is not the key.", "密钥不对。"),
    "key_wait": ("Too many attempts. Try again in {seconds} seconds.", "尝试次数太多，请 {seconds} 秒后再试。"),
    "key_none": (
        "No key has been made yet. Run `site-builder analytics key` with the collector's folder on its machine.",
        "还没有密钥。请在采集器所在的机器上，对它的数据目录运行 `site-builder analytics key`。",
    ),
    "key_insecure": (
        "The dashboard opens over HTTPS only, or on this machine itself. Put a web server with HTTPS in front, and start the "
        "collector with --behind-proxy.",
        "数据面板只能通过 HTTPS 打开，或在本机打开。请在前面放一个带 HTTPS 的网页服务器，并用 --behind-proxy 启动采集器。",
    ),
    "from_elsewhere": ("This form was sent by another site.", "这个表单来自别的网站。"),
    "not_found": ("There is no such page.", "没有这个页面。"),
    "store_away": ("The store can't be used just now.", "现在无法使用数据存储。"),
    "store_away_hint": ("Events are collected all the same, and are shown once it is back.", "事件仍在采集，恢复后即可看到。"),
    "home": ("Back to the dashboard", "回到数据面板"),
    # What is asked
    "days_1": ("Today", "今天"),
    "days_7": ("7 days", "7 天"),
    "days_30": ("30 days", "30 天"),
    "days_90": ("90 days", "90 天"),
    "days_365": ("365 days", "365 天"),
    "since": ("From", "从"),
    "until": ("To", "到"),
    "compare": ("Compare with", "对比"),
    "compare_": ("nothing", "不对比"),
    "compare_previous": ("the days before", "上一段时间"),
    "compare_year": ("the year before", "去年同期"),
    "show": ("Show", "查看"),
    "only": ("Only some posts", "只看部分文章"),
    "all": ("all", "全部"),
    "post": ("Post", "文章"),
    "all_posts": ("All posts together", "全部文章"),
    "everywhere": ("Show all posts again", "重新显示全部文章"),
    "utc": ("Days are UTC's.", "日期按 UTC 计算。"),
    "against": ("compared with {span}", "对比 {span}"),
    "unclear_day": ("Write days as 2026-11-22.", "日期请写成 2026-11-22 的形式。"),
    "unclear_order": ("The period ends before it begins. Give the earlier day first.", "结束早于开始，请先写较早的一天。"),
    "unclear_long": ("A period has 1 to 3660 days.", "时间范围为 1 到 3660 天。"),
    "unclear_compare": ("There is nothing that early to compare with.", "没有那么早的数据可供对比。"),
    "unclear_usual": ("Shown are the last 30 days instead.", "现在显示最近 30 天。"),
    # Views
    "view_reading": ("Reading", "阅读"),
    "view_posts": ("Posts", "文章"),
    "view_groups": ("Authors, tags, series", "作者、标签、系列"),
    "view_depth": ("Read depth", "阅读深度"),
    "view_membership": ("To membership", "会员转化"),
    "view_practice": ("Demos and exercises", "演示与练习"),
    "view_courses": ("Courses", "课程"),
    "view_sources": ("Sources", "来源"),
    "view_devices": ("Devices", "设备"),
    "view_feedback": ("Feedback", "反馈"),
    "view_bots": ("Bots", "机器人"),
    # Panels
    "overview": ("At a glance", "概览"),
    "over_time": ("Over time", "随时间变化"),
    "posts": ("Posts", "文章"),
    "also_read": ("Read on the same day", "同一天还读了"),
    "authors": ("Authors", "作者"),
    "tags": ("Tags", "标签"),
    "categories": ("Categories", "分类"),
    "series": ("Series and courses", "系列与课程"),
    "depth": ("How far readers come", "读者读到哪里"),
    "headings": ("By heading", "按标题"),
    "funnel": ("From teaser to unlocked", "从试读到解锁"),
    "offers": ("Offers", "会员方案"),
    "demos": ("Demos", "演示"),
    "exercises": ("Exercises", "练习"),
    "quizzes": ("Quizzes", "测验"),
    "courses": ("Where readers leave a course", "读者在哪里离开课程"),
    "sources": ("Where readers come from", "读者从哪里来"),
    "campaigns": ("Campaigns", "推广活动"),
    "devices-device": ("Devices", "设备"),
    "devices-browser": ("Browsers", "浏览器"),
    "devices-os": ("Systems", "操作系统"),
    "devices-language": ("Languages", "语言"),
    "feedback": ("Did it help?", "有帮助吗？"),
    "words": ("In readers' words", "读者的话"),
    "reactions": ("Reactions", "表情"),
    "shares": ("Passed on", "分享"),
    "own_events": ("The site's own events", "网站自定义事件"),
    "bots": ("Bots, kept apart", "单独统计的机器人"),
    "pick_post": (
        "Choose one post above to see at which headings its readers leave.",
        "请在上方选择一篇文章，查看读者在哪个标题处离开。",
    ),
    "table": ("Table", "表格"),
    "download": ("Download", "下载"),
    "more": ("{shown} of {all} rows.", "共 {all} 行，显示 {shown} 行。"),
    "every_row": ("Show all", "显示全部"),
    "chart_hint": ("Arrow keys move through the chart.", "用方向键在图表中移动。"),
    "scroll": ("Height of the article that was seen", "看到的文章高度"),
    "notes": ("How to read these numbers", "如何理解这些数字"),
    "nothing_before": ("There is nothing in the days before to compare with.", "之前的时间没有数据可供对比。"),
    "step_kept": ("{share} of the step before", "上一步的 {share}"),
    "before": ("before", "之前"),
    "new": ("new", "新"),
    "points": ("points", "个百分点"),
    "yes": ("helped", "有帮助"),
    "no": ("did not help", "没有帮助"),
    # When there is nothing
    "empty_overview": ("Nobody has read anything in these days.", "这段时间没有人阅读。"),
    "empty_over_time": ("No page was viewed in these days.", "这段时间没有页面浏览。"),
    "empty_posts": ("No post was read in these days.", "这段时间没有文章被阅读。"),
    "empty_also_read": ("Nobody read two posts on one day.", "没有人在同一天读两篇文章。"),
    "empty_authors": ("No post with an author was read.", "没有署名文章被阅读。"),
    "empty_tags": ("No post with a tag was read.", "没有带标签的文章被阅读。"),
    "empty_categories": ("No post with a category was read.", "没有带分类的文章被阅读。"),
    "empty_series": ("No post of a series was read.", "没有系列文章被阅读。"),
    "empty_depth": ("There are no page views to draw a curve from.", "没有页面浏览，画不出曲线。"),
    "empty_headings": ("This post has no headings, or nobody read it.", "这篇文章没有标题，或没有人阅读。"),
    "empty_funnel": (
        "No post with a part for members was read. The way to membership begins there.",
        "没有带会员内容的文章被阅读。会员转化从那里开始。",
    ),
    "empty_offers": ("No offer was seen in these days.", "这段时间没有人看到会员方案。"),
    "empty_demos": ("No demo was run.", "没有人运行演示。"),
    "empty_exercises": ("No exercise was tried.", "没有人做练习。"),
    "empty_quizzes": ("No quiz was handed in.", "没有人提交测验。"),
    "empty_courses": ("There is no course, or nobody read one.", "没有课程，或没有人阅读课程。"),
    "empty_sources": ("Nobody came in these days.", "这段时间没有访客。"),
    "empty_campaigns": (
        "Nobody came by a link with utm_source, utm_medium or utm_campaign.",
        "没有人通过带 utm_source、utm_medium 或 utm_campaign 的链接来访。",
    ),
    "empty_devices": ("Nobody came in these days.", "这段时间没有访客。"),
    "empty_feedback": ("Nobody said whether a post helped.", "没有人评价文章是否有帮助。"),
    "empty_words": ("Nobody left a word.", "没有人留言。"),
    "empty_reactions": ("Nobody reacted.", "没有人点表情。"),
    "empty_shares": ("Nothing was passed on.", "没有人分享。"),
    "empty_own_events": ("The site has reported no events of its own.", "网站没有上报自定义事件。"),
    "empty_bots": ("Nothing was read in these days, by bots or by people.", "这段时间没有机器人或真人的阅读。"),
    # What stands for no name
    "none_source": ("direct, or not told", "直接访问或未知"),
    "none_medium": ("–", "–"),
    "none_campaign": ("–", "–"),
    "none_value": ("not known", "未知"),
    "none_offer": ("other ways in", "其他途径"),
    "none_title": ("a post that is gone", "已移除的文章"),
    "none_other_title": ("a post that is gone", "已移除的文章"),
    "none": ("not named", "未命名"),
}  # fmt: skip

_COLUMNS: dict[str, tuple[str, str]] = {
    "at": ("When", "时间"),
    "day": ("Day", "日期"),
    "views": ("Views", "浏览"),
    "visitors": ("Visitors", "访客"),
    "readers": ("Readers", "读者"),
    "active_minutes": ("Reading time", "阅读总时长"),
    "active_seconds": ("Time a view", "每次阅读时长"),
    "depth": ("Depth", "深度"),
    "finished": ("Finished", "读完"),
    "unlocks": ("Unlocks", "解锁"),
    "title": ("Post", "文章"),
    "other_title": ("Also read", "还读了"),
    "share": ("Share", "占比"),
    "reactions": ("Reactions", "表情"),
    "shares": ("Shares", "分享"),
    "paywall_views": ("Paywall", "付费墙"),
    "cta_clicks": ("Offer clicks", "点击方案"),
    "signups": ("Sign-ups", "订阅"),
    "helpful": ("Helped", "有帮助"),
    "unhelpful": ("Did not", "没帮助"),
    "author": ("Author", "作者"),
    "tag": ("Tag", "标签"),
    "category": ("Category", "分类"),
    "series": ("Series", "系列"),
    "posts": ("Posts", "文章"),
    "number": ("No.", "序号"),
    "left": ("Left here", "在此离开"),
    "step": ("Step", "步骤"),
    "kept": ("Kept", "留存"),
    "lost": ("Lost", "流失"),
    "offer": ("Offer", "方案"),
    "seen": ("Seen", "看到"),
    "clicked": ("Clicked", "点击"),
    "demo": ("Demo", "演示"),
    "runs": ("Runs", "运行"),
    "ok": ("Worked", "成功"),
    "failed": ("Failed", "失败"),
    "worked": ("Success", "成功率"),
    "exercise": ("Exercise", "练习"),
    "passes": ("Passed", "通过"),
    "fails": ("Failed", "未通过"),
    "hints": ("Hints", "提示"),
    "solutions": ("Solutions", "答案"),
    "passed": ("Success", "通过率"),
    "quiz": ("Quiz", "测验"),
    "answers": ("Answers", "作答"),
    "right": ("Right", "正确率"),
    "course": ("Course", "课程"),
    "chapter": ("Chapter", "章"),
    "source": ("Source", "来源"),
    "medium": ("Medium", "媒介"),
    "campaign": ("Campaign", "活动"),
    "value": ("Name", "名称"),
    "kind": ("Kind", "种类"),
    "yes": ("Helped", "有帮助"),
    "no": ("Did not", "没帮助"),
    "words": ("Words", "留言"),
    "to": ("To", "去处"),
    "name": ("Name", "名称"),
    "events": ("Events", "事件"),
    "people": ("People", "真人"),
    "bots.views": ("Bots", "机器人"),
    "depth.at": ("Seen", "看到"),
    "also_read.share": ("Of the first's readers", "占前者读者"),
    "depth.share": ("Share of views", "占浏览的比例"),
    "headings.title": ("Heading", "标题"),
    "feedback.helpful": ("Share", "占比"),
    "words.helpful": ("Helped", "有帮助"),
    "language": ("Language", "语言"),
}  # fmt: skip

_MEASURES: dict[str, tuple[str, str]] = {
    "visitors": ("Visitors", "访客"),
    "views": ("Page views", "页面浏览"),
    "active_seconds": ("Time a view", "每次阅读时长"),
    "depth": ("Average depth", "平均深度"),
    "finished": ("Finished", "读完"),
    "reaction": ("Reactions", "表情"),
    "share": ("Shares", "分享"),
    "feedback": ("Feedback", "反馈"),
    "helpful": ("Helped", "有帮助"),
    "demo_run": ("Demo runs", "运行演示"),
    "exercise": ("Exercises", "练习"),
    "quiz": ("Quizzes", "测验"),
    "paywall_view": ("Paywall seen", "看到付费墙"),
    "cta_view": ("Offers seen", "看到方案"),
    "cta_click": ("Offer clicks", "点击方案"),
    "unlock": ("Unlocks", "解锁"),
    "gift_open": ("Gifts opened", "打开赠阅"),
    "newsletter_signup": ("Newsletter sign-ups", "邮件订阅"),
    "purchase": ("Purchases", "购买"),
    "bot_views": ("Views by bots", "机器人浏览"),
    "teaser": ("Read the teaser", "阅读试读部分"),
    "paywall": ("Saw the paywall", "看到付费墙"),
    "offer_seen": ("Saw an offer", "看到方案"),
    "offer_clicked": ("Pressed an offer", "点击方案"),
    "unlocked": ("Unlocked", "解锁"),
    "phone": ("phone", "手机"),
    "tablet": ("tablet", "平板"),
    "desktop": ("desktop", "电脑"),
}  # fmt: skip

_NOTES_ZH = {
    "visitors": "访客是每天访客数之和：区分访客的依据每天都会忘掉，同一个人三天都来就算三次。",
    "readers": "读者按天、按文章计算：读两篇文章算两次。",
    "bots": "这里不含机器人，它们在“机器人”视图里。",
    "finished": "读完是指至少看到文章高度的 90 %。",
    "active": "阅读时长只算页面可见、有焦点并且有操作的时间。",
    "headings": "读者读到了最远标题之前的所有标题。",
    "funnel": "每一步按天、按文章统计走到这一步或更远的读者，只算带会员内容的文章，不含打开时已解锁的会员。",
    "words": "留言与单条事件保存同样久，计数一直保留。",
    "also_read": "同一天两篇都读的读者。",
}


def word(key: str, language: Language) -> str:
    """A word of the page itself."""
    return _WORDS[key][language == "zh"]


def column_word(name: str, language: Language, question: str = "") -> str:
    """What a column is called, in a question's own words if it has some."""
    return _COLUMNS.get(f"{question}.{name}", _COLUMNS[name])[language == "zh"]


def named(value: str, language: Language) -> str:
    """A measure, a step or a kind of device in words; what is no such as it is."""
    return _MEASURES[value][language == "zh"] if value in _MEASURES else value


def note(key: str, language: Language) -> str:
    """How numbers are to be read."""
    return _NOTES_ZH[key] if language == "zh" else NOTES[key]


def knows(key: str) -> bool:
    """Whether there is such a word of the page."""
    return key in _WORDS
