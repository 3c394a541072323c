"""Everything the page says, gathered for one language; the template only places it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from patron.study.pictures import PICTURES, numbers, plot
from patron.study.pictures.scales import known, known_all
from patron.study.pictures.terms import MODELS, STAGES, pick, term, value_word
from patron.study.report.calls import calls, clean
from patron.study.report.meanings import MEANINGS, MEASURES
from patron.words import Text

Figures = Mapping[str, Any]
Row = dict[str, Any]

TITLE = Text("Who are our customers, what are they worth, who to keep?", "客户是谁，价值几何，该留住谁？")
CONTENTS = [
    ("read", Text("What was read", "读取")),
    ("stages", Text("Stages", "阶段")),
    ("months", Text("Months", "月度")),
    ("concentration", Text("Concentration", "集中度")),
    ("cohorts", Text("Cohorts", "同期群留存")),
    ("rfm", Text("RFM map", "RFM 分布")),
    ("clv", Text("Expected value", "预期价值")),
    ("keep", Text("Who to keep", "该留住谁")),
    ("calibration", Text("Proof", "验证")),
    ("backtest", Text("Choice of model", "模型选择")),
    ("trust", Text("Trust", "可信程度")),
    ("means", Text("Meanings", "释义")),
]
"""Sections of the page one can jump to."""


def content(scores: pa.Table, card: Mapping[str, Any], figures: Figures, lang: str) -> Row:
    """What `page.html` needs for `lang`."""
    currency = figures.get("currency")
    return {
        "lang": lang,
        "html_lang": pick(lang, "en", "zh-Hans"),
        "title": TITLE.say(lang),
        "contents": [(name, words.say(lang)) for name, words in CONTENTS],
        "t": lambda en, zh: pick(lang, en, zh),
        "key": key_figures(scores, figures, lang),
        "answer": answer(figures, lang),
        "about": about(card, figures, lang),
        "input": read(card, currency, lang),
        "pictures": {name: plot(name, figures, lang) for name in PICTURES},
        "calls": calls(scores, currency, lang),
        "backtest": backtest(card, figures, lang),
        "meanings": [(m.term.say(lang), m.sentence.say(lang), m.source) for m in MEANINGS],
        "trust": trust(scores, card, figures, lang),
        "notes": [said(note, lang) for note in card.get("notes") or []],
        "span": numbers.span(figures.get("clv_horizon_days"), lang),
        "horizon": numbers.span(figures.get("horizon_days"), lang),
        "value_word": value_word(figures, lang),
        "versions": {str(k): clean(v, 40) for k, v in (card.get("versions") or {}).items()},
    }


def said(words: object, lang: str) -> str:
    """A sentence of the card: {en, zh}, a Text or plain words."""
    if isinstance(words, Text):
        return clean(words.say(lang), 600)
    if isinstance(words, Mapping):
        return clean(words.get(lang) or words.get("en") or "", 600)
    return clean(words or "", 600)


def key_figures(scores: pa.Table, figures: Figures, lang: str) -> list[Row]:
    """The six figures of the head: what it is, the figure, and what stands behind it."""
    currency, stages = figures.get("currency"), figures.get("stages") or []
    clv, spread = figures.get("clv") or {}, figures.get("concentration") or {}
    span, value = numbers.span(figures.get("clv_horizon_days"), lang), value_word(figures, lang)
    people = sum(known_all(row.get("customers") for row in stages)) if stages else scores.num_rows
    brought, risk = (_total(stages, name) for name in ("revenue", "value_at_risk"))

    def cash(amount: object) -> str:
        return numbers.money(amount, currency, lang)

    between = numbers.interval(clv.get("total_low"), clv.get("total_high"), lang)
    again, top = known(repeat_rate(scores)), known(spread.get("top_decile_share"))
    bought = pc.sum(pc.greater_equal(scores["orders"], 1)).as_py() if "orders" in scores.column_names else None
    eighty = pick(lang, "80 % interval", "80% 区间")
    return [
        _key(
            "stages",
            pick(lang, "Customers", "客户"),
            numbers.count(people),
            pick(lang, f"{numbers.count(bought)} have bought", f"其中 {numbers.count(bought)} 位有过购买"),
        ),
        _key(
            "months",
            pick(lang, f"{value.capitalize()} so far", f"累计{value}"),
            cash(brought),
            pick(lang, "returns taken off", "已扣除退货"),
        ),
        _key(
            "clv",
            pick(lang, f"Expected, next {span}", f"未来{span}预期"),
            cash(clv.get("total")),
            f"{between} {eighty}" if between else "",
        ),
        _key(
            "keep",
            pick(lang, "Value at risk", "风险价值"),
            cash(risk),
            pick(lang, "churn risk × expected value", "流失风险 × 预期价值"),
        ),
        _key(
            "cohorts",
            pick(lang, "Repeat rate", "复购率"),
            numbers.share(again, lang),
            pick(lang, "bought on two days or more", "在两天及以上购买"),
        ),
        _key(
            "concentration",
            pick(lang, "Top tenth’s share", "前一成占比"),
            numbers.share(top, lang),
            pick(lang, f"of {value}", f"占{value}"),
        ),
    ]


def answer(figures: Figures, lang: str) -> str:
    """The three parts of the question answered in three sentences; empty where nothing is known."""
    stages = [row for row in figures.get("stages") or [] if known(row.get("customers"))]
    if not stages:
        return ""
    clv, value = figures.get("clv") or {}, value_word(figures, lang)
    span, people = numbers.span(figures.get("clv_horizon_days"), lang), sum(row["customers"] for row in stages)
    largest = max(stages, key=lambda row: row["customers"])
    name, part = term(STAGES, largest["stage"], lang), numbers.share(largest["customers"] / people, lang)
    sentences = [
        pick(
            lang,
            f"{numbers.count(people)} customers; the largest stage is “{name}” ({part}).",
            f"共 {numbers.count(people)} 位客户，人数最多的阶段是“{name}”（{part}）。",
        )
    ]
    if known(clv.get("total")) is not None:
        brought = numbers.money(_total(stages, "revenue"), figures.get("currency"), lang)
        hoped = numbers.money(clv.get("total"), figures.get("currency"), lang)
        between = numbers.interval(clv.get("total_low"), clv.get("total_high"), lang)
        ahead = f"{hoped} {between}".strip() if lang == "en" else f"{hoped}{between}"
        sentences.append(
            pick(
                lang,
                f"They have brought {brought} of {value} and are expected to bring {ahead} in the next {span}.",
                f"累计带来{value} {brought}，预计未来{span}再带来 {ahead}。",
            )
        )
    risk = known(_total(stages, "value_at_risk"))
    if risk:
        amount = numbers.money(risk, figures.get("currency"), lang)
        sentences.append(
            pick(
                lang,
                f"{amount} of that is at risk: the call list says where to begin.",
                f"其中 {amount} 面临流失，联系名单给出先后次序。",
            )
        )
    return pick(lang, " ", "").join(sentences)


def _key(to: str, label: str, figure: str, note: str) -> Row:
    return {"to": to, "label": label, "figure": figure, "note": note}


def _total(rows: Sequence[Mapping[str, Any]], name: str) -> float | None:
    values = known_all(row.get(name) for row in rows)
    return sum(values) if values else None


def repeat_rate(scores: pa.Table) -> float | None:
    """Customers with two or more purchases ÷ with one or more [definitions, "Satisfaction and loyalty"]."""
    if "orders" not in scores.column_names:
        return None
    once, twice = (pc.sum(pc.greater_equal(scores["orders"], n)).as_py() or 0 for n in (1, 2))
    return twice / once if once else None


def about(card: Mapping[str, Any], figures: Figures, lang: str) -> str:
    """The line under the question: which files, which days, as of when."""
    files = [
        clean(str(name).replace("\\", "/").rsplit("/", 1)[-1], 60)
        for name in (card.get("input") or {}).get("files") or []
    ]
    more = f" +{len(files) - 3}" if len(files) > 3 else ""
    window = figures.get("window") or card.get("window") or {}
    first, last = numbers.day(window.get("first"), lang), numbers.day(window.get("last"), lang)
    as_of = numbers.day(figures.get("as_of"), lang)
    parts = [", ".join(files[:3]) + more] if files else []
    parts += [
        pick(lang, f"orders from {first} to {last}", f"订单 {first}至{last}"),
        pick(lang, f"as of {as_of}", f"截至 {as_of}"),
    ]
    return " · ".join(parts)


def read(card: Mapping[str, Any], currency: str | None, lang: str) -> Row | None:
    """What was read and set aside, reconciled: used + set aside = file."""
    given = card.get("input") or {}
    if known(given.get("rows_file")) is None:
        return None

    def line(kind: str, words: str, rows: object, value: object) -> Row:
        return {
            "kind": kind,
            "words": words,
            "rows": numbers.count(rows),
            "value": numbers.money_exact(value, currency),
        }

    aside = [row for row in given.get("set_aside") or [] if known(row.get("rows"))]
    lines = [line("used", pick(lang, "Used", "已使用"), given.get("rows_used"), given.get("value_used"))]
    lines += [
        line(
            "aside",
            pick(lang, "Set aside: ", "未使用：") + said(row.get("reason"), lang),
            row.get("rows"),
            row.get("value"),
        )
        for row in aside
    ]
    lines.append(line("sum", pick(lang, "In the files", "文件合计"), given.get("rows_file"), given.get("value_file")))
    return {
        "lines": lines,
        "reconciled": _reconciled(given, aside),
        "told": [said(words, lang) for words in given.get("told") or []],
    }


def _reconciled(given: Mapping[str, Any], aside: Sequence[Mapping[str, Any]]) -> bool:
    rows = sum(known_all([given.get("rows_used"), *(row.get("rows") for row in aside)]))
    money = sum(known_all([given.get("value_used"), *(row.get("value") for row in aside)]))
    total = known(given.get("value_file"))
    return rows == given.get("rows_file") and (total is None or abs(money - total) < 0.01 + 1e-9 * abs(total))


def backtest(card: Mapping[str, Any], figures: Figures, lang: str) -> Row | None:
    """How the model was chosen: one row a model, best first, with the baselines named."""
    given = figures.get("backtest") or card.get("backtest") or {}
    models = [row for row in given.get("models") or [] if row.get("name")]
    if not models:
        return None
    models.sort(key=lambda row: -(known(row.get("log_score")) if known(row.get("log_score")) is not None else -1e300))  # type: ignore[operator]
    chosen = next((row for row in models if row.get("chosen")), None)
    base = next((row for row in models if str(row["name"]).startswith("baseline")), None)
    return {
        "heads": [(m.heading.say(lang), m.good.say(lang)) for m in MEASURES],
        "rows": [
            (
                term(MODELS, row["name"], lang),
                bool(row.get("chosen")),
                [numbers.decimal(row.get(m.key), m.decimals) for m in MEASURES],
            )
            for row in models
        ],
        "finding": _choice(chosen, base, lang),
        "origins": pick(lang, ", ", "、").join(numbers.day(day, lang) for day in given.get("origins") or []),
        "span": numbers.span(given.get("horizon_days"), lang),
    }


def _choice(chosen: Mapping[str, Any] | None, base: Mapping[str, Any] | None, lang: str) -> str:
    if chosen is None:
        return pick(
            lang, "No model could be proven; the documented prior is used", "没有模型能得到验证，采用公开说明的先验参数"
        )
    name = term(MODELS, chosen["name"], lang)
    if str(chosen["name"]).startswith("baseline"):
        return pick(
            lang, f"{name} predicted best and is used: no model beat it", f"{name}预测最好并被采用：没有模型胜过它"
        )
    if base is None:
        return pick(lang, f"{name} predicted best and is used", f"{name} 预测最好，予以采用")
    other = term(MODELS, base["name"], lang)
    return pick(
        lang,
        f"{name} predicted best and is used; the best it had to beat: {other}",
        f"{name} 预测最好，予以采用；它胜过的最强对手是“{other}”",
    )


def trust(scores: pa.Table, card: Mapping[str, Any], figures: Figures, lang: str) -> list[tuple[str, str]]:
    """How far the figures can be trusted: pairs of a heading and a sentence."""
    settings = card.get("settings") or {}
    out = []
    for heading, sentence in (
        (Text("Data", "数据"), _window(card, figures, lang)),
        (Text("Horizons", "预测期"), _horizons(figures, lang)),
        (Text("Money", "金额"), _money(settings, figures, lang)),
        (Text("Too little data", "数据不足"), _too_little(scores, lang)),
        (Text("Models", "模型"), _models(card, lang)),
        (Text("Assumed", "假设"), _ASSUMED.say(lang)),
        (Text("Cause", "因果"), _CAUSE.say(lang)),
    ):
        if sentence:
            out.append((heading.say(lang), sentence))
    return out


_ASSUMED = Text(
    "Customers buy at a rate of their own, which holds until they stop for good. Seasons, prices and campaigns are not in "
    "the model; what the backtest saw of their effect is in the intervals.",
    "假设每位客户按自己的频率购买，直到不再回来。季节、价格和活动不在模型之内；回测中观察到的影响已计入区间。",
)
_CAUSE = Text(
    "These figures say what is likely, not what caused it. Whether a call keeps a customer only a control group can tell: "
    "leave some of the list, chosen by chance, uncalled.",
    "这些数字说明可能发生什么，不说明原因。联系能否留住客户，只有对照组才能回答：请在名单中随机留出一部分不联系。",
)


def _window(card: Mapping[str, Any], figures: Figures, lang: str) -> str:
    window = figures.get("window") or card.get("window") or {}
    if not window:
        return ""
    first, last, as_of = (
        numbers.day(day, lang) for day in (window.get("first"), window.get("last"), figures.get("as_of"))
    )
    return pick(
        lang,
        f"Orders from {first} to {last}. All that was known by the end of {as_of} counts, nothing later.",
        f"订单自 {first}至{last}。截至 {as_of}当日已知的事实全部计入，之后的一概不计。",
    )


def _horizons(figures: Figures, lang: str) -> str:
    near, far = (numbers.span(figures.get(name), lang) for name in ("horizon_days", "clv_horizon_days"))
    return pick(
        lang,
        f"Churn risk and expected purchases: the next {near}. Expected value: the next {far}.",
        f"流失风险与预期购买次数：未来{near}。预期价值：未来{far}。",
    )


def _money(settings: Mapping[str, Any], figures: Figures, lang: str) -> str:
    parts = []
    if figures.get("value_basis") == "margin":
        margin = known(settings.get("margin"))
        told = (
            pick(lang, f"at {numbers.share(margin, lang)}, as told", f"按设定的 {numbers.share(margin, lang)} 计")
            if margin is not None
            else ""
        )
        parts.append(pick(lang, f"Figures are margin {told}".strip() + ".", f"金额为毛利{told}。"))
    else:
        parts.append(pick(lang, "Figures are revenue; the files hold no cost.", "金额为收入；文件中没有成本数据。"))
    discount = known(settings.get("discount"))
    if discount is not None:
        parts.append(
            pick(
                lang, f"Discount {numbers.share(discount, lang)} a year.", f"年折现率 {numbers.share(discount, lang)}。"
            )
        )
    currency = figures.get("currency")
    parts.append(
        pick(lang, f"Currency {currency}.", f"币种 {currency}。")
        if currency
        else pick(lang, "The files name no currency.", "文件未注明币种。")
    )
    return pick(lang, " ", "").join(parts)


def _too_little(scores: pa.Table, lang: str) -> str:
    if "label" not in scores.column_names:
        return ""
    few = pc.sum(pc.equal(scores["label"], "too_little_data")).as_py() or 0
    if not few:
        return pick(lang, "No customer is marked so.", "没有客户被标记。")
    return pick(
        lang,
        f"{numbers.count(few)} of {numbers.count(scores.num_rows)} customers: their figures lean on the average of all and their intervals are wide.",
        f"{numbers.count(scores.num_rows)} 位客户中有 {numbers.count(few)} 位：其数字主要参照全体平均，区间较宽。",
    )


def _models(card: Mapping[str, Any], lang: str) -> str:
    chosen = [term(MODELS, name, lang) for name in (card.get("chosen") or {}).values() if name]
    shrunken = [term(MODELS, model.get("name"), lang) for model in card.get("models") or [] if model.get("shrunken")]
    join: Callable[[list[str]], str] = pick(lang, ", ", "、").join
    parts = [pick(lang, f"Used: {join(chosen)}.", f"采用：{join(chosen)}。")] if chosen else []
    if shrunken:
        parts.append(
            pick(
                lang,
                f"Shrunken towards a documented prior, since the data alone could not decide: {join(shrunken)}.",
                f"数据不足以独立决定参数，已向公开说明的先验收缩：{join(shrunken)}。",
            )
        )
    return pick(lang, " ", "").join(parts)
