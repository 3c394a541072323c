"""The words of codes on a customer's page."""

from __future__ import annotations

from typing import Any

from patron.words import Text

KINDS = {
    "order": Text("Orders", "订单"),
    "interaction": Text("Contacts", "联系"),
    "feedback": Text("Feedback", "反馈"),
    "note": Text("Notes", "备注"),
    "event": Text("Events", "行为"),
    "subscription": Text("Subscriptions", "订阅"),
    "consent": Text("Consent", "授权"),
}
CHANNELS = {
    "phone": Text("Phone", "电话"),
    "mail": Text("E-mail", "邮件"),
    "chat": Text("Chat", "在线聊天"),
    "wechat": Text("WeChat", "微信"),
    "sms": Text("Text message", "短信"),
    "visit": Text("Visit", "到访"),
    "web": Text("Website", "网站"),
    "other": Text("Other", "其他"),
}
CONSENT_CHANNELS = {
    "any": Text("any channel", "所有渠道"),
    "phone": Text("phone", "电话"),
    "mail": Text("e-mail", "邮件"),
    "sms": Text("text messages", "短信"),
    "wechat": Text("WeChat", "微信"),
    "post": Text("post", "邮寄"),
}
PURPOSES = {
    "marketing": Text("offers", "营销信息"),
    "service": Text("service", "服务通知"),
    "analysis": Text("analysis", "数据分析"),
}
RELATIONS = {
    "works_for": Text("works for", "任职于"),
    "parent_of": Text("parent of", "上级／父母"),
    "household": Text("same household", "同一家庭"),
    "referred": Text("referred", "推荐了"),
    "other": Text("related to", "相关"),
}
RELATED_BY = {
    "works_for": Text("employs", "雇用"),
    "parent_of": Text("belongs to", "隶属于"),
    "household": Text("same household", "同一家庭"),
    "referred": Text("was referred by", "推荐人"),
    "other": Text("related to", "相关"),
}
STATUS = {
    "placed": Text("Order", "订单"),
    "cancelled": Text("Cancelled order", "已取消订单"),
    "returned": Text("Return", "退货"),
}
QUESTIONS = {
    "nps": Text("Would they recommend us", "推荐意愿"),
    "csat": Text("Satisfaction", "满意度"),
    "ces": Text("How easy it was", "费力程度"),
}
EVENTS = {
    "visit": Text("Visit to the site", "访问网站"),
    "view": Text("Viewed", "浏览"),
    "search": Text("Search", "搜索"),
    "basket": Text("Put into the basket", "加入购物车"),
    "signup": Text("Signed up", "注册"),
}
"""Events that many shops know; any other is shown as its source calls it."""
ICONS = {
    "order": "cart", "interaction": "chat", "feedback": "star", "note": "note", "event": "event",
    "subscription": "repeat", "consent": "shield",
}  # fmt: skip
CHANNEL_ICONS = {"phone": "phone", "mail": "mail", "wechat": "wechat", "visit": "visit", "web": "web"}


def consent(channel: str, purpose: str) -> Text:
    """What was agreed to: offers by e-mail."""
    by, to = CONSENT_CHANNELS[channel], PURPOSES[purpose]
    return Text(f"{to.en} by {by.en}", f"{by.zh}·{to.zh}")


def happening(entry: Any) -> dict[str, Any]:
    """One fact of the timeline as the page shows it: icon, title, money, what stands beside it, text."""
    told = _TELLERS[entry.kind](entry.fact)
    when = entry.fact.happened_at
    return {"icon": ICONS[entry.kind], "happened_at": when, "money": None, "side": None, "text": ""} | told


def _order(fact: Any) -> dict[str, Any]:
    lines = fact.lines_count
    return {
        "icon": "return" if fact.status != "placed" or fact.revenue < 0 else "cart",
        "title": STATUS[fact.status if fact.revenue >= 0 or fact.status != "placed" else "returned"],
        "money": fact.revenue,
        "side": Text(f"{lines} line{'s' if lines != 1 else ''}", f"{lines} 行"),
    }


def _interaction(fact: Any) -> dict[str, Any]:
    channel = CHANNELS[fact.channel]
    side = Text("from the customer", "客户发起") if fact.inbound else Text("by us", "我方发起")
    if fact.minutes:
        side = Text(f"{side.en}, {fact.minutes} min", f"{side.zh}，{fact.minutes} 分钟")
    subject = f": {fact.subject}" if fact.subject else ""
    return {
        "icon": CHANNEL_ICONS.get(fact.channel, "chat"),
        "title": Text(channel.en + subject, channel.zh + subject.replace(": ", "：")),
        "side": side,
        "text": fact.text,
    }


def _feedback(fact: Any) -> dict[str, Any]:
    question = QUESTIONS.get(fact.question, Text.of(fact.question))
    side = None if fact.score is None else Text.of(f"{fact.score:g}")
    return {"title": question, "side": side, "text": fact.text}


def _note(fact: Any) -> dict[str, Any]:
    return {"title": Text("Note", "备注"), "side": Text.of(fact.by_name), "text": fact.text}


def _event(fact: Any) -> dict[str, Any]:
    return {"title": EVENTS.get(fact.kind) or Text.of(fact.kind), "side": Text.of(fact.object_id)}


def _subscription(fact: Any) -> dict[str, Any]:
    ended = Text("ended", "已结束") if fact.ends_at else Text("running", "进行中")
    title = Text(f"Subscription: {fact.plan}", f"订阅：{fact.plan}")
    return {"title": title, "money": fact.amount, "side": ended}


def _consent(fact: Any) -> dict[str, Any]:
    said = Text("Agreed to", "同意") if fact.given else Text("Refused", "拒绝")
    what = consent(fact.channel, fact.purpose)
    return {"title": Text(f"{said.en} {what.en}", f"{said.zh}{what.zh}"), "text": fact.proof}


_TELLERS = {
    "order": _order,
    "interaction": _interaction,
    "feedback": _feedback,
    "note": _note,
    "event": _event,
    "subscription": _subscription,
    "consent": _consent,
}
