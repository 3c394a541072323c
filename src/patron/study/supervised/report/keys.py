"""The key figures, each beside the base rate and with its 95 % interval where one is known."""

from __future__ import annotations

from collections.abc import Callable

from patron.study.pictures import numbers
from patron.study.report.head import Key
from patron.study.supervised.report.subject import Card, Subject, in_time, judged, measure

Say = Callable[[float | None], str]
TO = "\u2060–\u2060"  # an interval is not broken in two


def key_figures(card: Card, s: Subject) -> list[Key]:
    """Six of them: four of quality, the base rate, and how many rows judged."""
    return [*(_of_number(card, s) if s.number else _of_class(card, s)), _base(card, s), _judged(card, s)]


def top_share(card: Card, s: Subject, end: str = "value") -> float | None:
    """Share of yes in the tenth scored highest: lift × base rate."""
    lift = measure(card, "lift_top10")[end]
    return None if lift is None or s.base is None else min(1.0, lift * s.base)


def _of_class(card: Card, s: Subject) -> list[Key]:
    v, lift = s.v, measure(card, "lift_top10")["value"]
    auc, ece, brier = (measure(card, name)["value"] for name in ("auc", "ece", "brier"))
    base, times, top = v.share(s.base), numbers.decimal(lift, 1), v.share(top_share(card, s))
    first, tenth = (
        v.pick("Puts the right one first", "排序正确"),
        v.pick(f"{s.yes} in the top tenth", f"前一成中{s.yes}占比"),
    )
    off, error = v.pick("Chances are off by", "概率偏差"), v.pick("Error of the chances", "概率误差")
    pair = v.pick(f"of two, one {s.yes} and one not (AUC)", f"{s.yes}与非{s.yes}各一 (AUC)")
    over = "" if lift is None else v.pick(f"{times} times the base rate {base}", f"基准率 {base} 的 {times} 倍")
    between = _between(top_share(card, s, "low"), top_share(card, s, "high"), v.share, s)
    points = "" if ece is None else v.pick(" points", " 个百分点")
    return [
        Key("gains", first, of_hundred(s, auc), note(card, s, "auc", pair, _hundredths)),
        Key("gains", tenth, top, _joined(over, between)),
        Key(
            "calibration",
            off,
            _tenths(ece) + points,
            note(card, s, "ece", v.pick("calibration error", "校准误差"), _tenths),
        ),
        Key(
            "measures",
            error,
            _thousandths(brier),
            note(card, s, "brier", v.pick("Brier score", "Brier 分数"), _thousandths),
        ),
    ]


def _of_number(card: Card, s: Subject) -> list[Key]:
    v = s.v
    mae, r2, gini, held = (measure(card, name)["value"] for name in ("mae", "r2", "gini", "decile_gain"))
    off, known = v.pick("Off by, on average", "平均偏差"), v.pick("Differences explained", "差异解释比例")
    order, top = v.pick("Order is right", "排序正确程度"), v.pick("Held by the top tenth", "前一成占比")
    best = v.pick("100 is the perfect order (Gini)", "100 为完美排序 (Gini)")
    return [
        Key("measures", off, v.short(mae), note(card, s, "mae", "", v.short)),
        Key("measures", known, v.share(r2), note(card, s, "r2", "R²", _hundredths)),
        Key("gains", order, of_hundred(s, gini), note(card, s, "gini", best, _hundredths)),
        Key("gains", top, v.share(held), note(card, s, "decile_gain", "", v.share)),
    ]


def _base(card: Card, s: Subject) -> Key:
    v, overall, yes = s.v, s.figure(card.get("base")), s.v.count(card.get("yes"))
    name = v.pick("Mean", "均值") if s.number else v.pick("Base rate", "基准率")
    some = "" if s.number or card.get("yes") is None else v.pick(f"{yes} rows are {s.yes}", f"{yes} 行为{s.yes}")
    if in_time(card):
        some = v.pick(f"of the rows judged; of all rows {overall}", f"按评估行计；按全部行计为 {overall}")
    return Key("read", name, s.figure(s.base), some)


def _judged(card: Card, s: Subject) -> Key:
    v, given = s.v, judged(card)
    n, folds = v.count(given.get("rows")), v.count(given.get("folds"))
    later = v.pick(f"rows later than all it learnt from, in {folds} blocks", f"均晚于训练数据，共 {folds} 个时段")
    unseen = v.pick(f"rows it had not seen, in {folds} folds", f"均未参与训练，共 {folds} 折")
    return Key("chosen", v.pick("Judged on", "评估行数"), n, (later if in_time(card) else unseen) if given else "")


def note(card: Card, s: Subject, name: str, what: str, say: Say) -> str:
    """What a figure is, its interval, and what the baseline gets."""
    found, plain = (
        measure(card, name),
        s.v.pick("mean of all", "取均值") if s.number else s.v.pick("base rate", "基准率"),
    )
    beside = "" if found["baseline"] is None else f"{plain}{s.v.pick(': ', ' ')}{say(found['baseline'])}"
    return _joined(what, _between(found["low"], found["high"], say, s), beside)


def _between(low: float | None, high: float | None, say: Say, s: Subject) -> str:
    if low is None or high is None:
        return ""
    ends = f"{say(low)}{TO}{say(high)}"
    return s.v.pick(f"95 %: {ends}", f"95% 区间 {ends}")


def of_hundred(s: Subject, value: float | None) -> str:
    """'85 of 100'."""
    return numbers.UNKNOWN if value is None else _hundredths(value) + s.v.pick(" of 100", "/100")


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _hundredths(value: float | None) -> str:
    return numbers.decimal(None if value is None else value * 100, 0)


def _tenths(value: float | None) -> str:
    return numbers.decimal(None if value is None else value * 100, 1)


def _thousandths(value: float | None) -> str:
    return numbers.decimal(value, 3)
