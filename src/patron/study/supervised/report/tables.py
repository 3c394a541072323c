"""The tables of the page: candidates, measures, thresholds, folds or blocks of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from patron.study.pictures import numbers
from patron.study.pictures.scales import known
from patron.study.pictures.terms import term
from patron.study.report.proof import Proof, Row, Table
from patron.study.report.safe import clean
from patron.study.supervised.report.meanings import CLASS_MEASURES, NUMBER_MEASURES
from patron.study.supervised.report.subject import Card, Subject, judged, mapping, measure, rows
from patron.study.supervised.report.terms import MODELS

LONGEST_MODEL = 60
TENTHS = tuple(i / 10 for i in range(1, 10))
BASELINES = ("base_rate", "mean")


def measures(card: Card, s: Subject) -> Table | None:
    """Every measure with its interval, as it was before the correction for having chosen, and that of the baseline."""
    listed = NUMBER_MEASURES if s.number else CLASS_MEASURES
    found = [(m, measure(card, m.key)) for m in listed if measure(card, m.key)["value"] is not None]
    if not found:
        return None
    v = s.v
    heads = [
        (v.pick("On unseen rows", "未见过的行"), v.pick("corrected for choosing", "已校正选择偏差")),
        (v.pick("95 % interval", "95% 区间"), ""),
        (v.pick("As chosen", "选择时"), v.pick("before the correction", "校正前")),
        (_plain(s), v.pick("the same for everybody", "对所有人相同")),
    ]
    body = []
    for m, one in found:
        say = numbers.short if m.decimals == 0 else _decimals(m.decimals)
        between = (
            f"{say(one['low'])} – {say(one['high'])}" if one["low"] is not None and one["high"] is not None else "–"
        )
        name = f"{m.heading.say(v.lang)}{v.pick(' (', '（')}{m.good.say(v.lang)}{v.pick(')', '）')}"
        body.append(Row(name, False, [say(one["value"]), between, say(one["as_chosen"]), say(one["baseline"])]))
    return Table(v.pick("Measures on rows the model had not seen", "在未见过的行上的各项指标"), heads, body)


def _plain(s: Subject) -> str:
    return s.v.pick("Mean of all", "取均值") if s.number else s.v.pick("Base rate", "基准率")


def _decimals(places: int) -> Any:
    return lambda value: numbers.decimal(value, places)


def candidates(card: Card, s: Subject) -> Proof | None:
    """Who raced, by falling quality: error on unseen rows (and on seen ones where it is known), weight in the blend."""
    unseen, seen = mapping(card.get("losses")), mapping(card.get("losses_in"))
    names = sorted((n for n in unseen if known(unseen[n]) is not None), key=lambda n: (unseen[n], n))
    if not names:
        return None
    v, published = s.v, mapping(card.get("published"))
    chosen, weights = published.get("name"), mapping(published.get("members"))
    base = next((float(unseen[n]) for n in BASELINES if n in names), None)
    blended = len(weights) > 1
    what = v.pick("mean squared error", "均方误差") if s.number else v.pick("log loss", "对数损失")
    heads = [(v.pick("Error on unseen rows", "未见行误差"), what)]
    heads += [(v.pick("Error on seen rows", "已见行误差"), what)] if seen else []
    heads += [
        (
            v.pick("Beside the mean", "相对均值") if s.number else v.pick("Beside the base rate", "相对基准率"),
            v.pick("less is better", "越低越好"),
        )
    ]
    heads += [(v.pick("Weight in the blend", "混合权重"), "")] if blended else []
    body = []
    for name in names:
        cells = [_loss(unseen[name], s), *([_loss(seen.get(name), s)] if seen else []), _against(unseen[name], base, s)]
        cells += [v.share(weights.get(name)) if name in weights else ""] if blended else []
        body.append(Row(clean(term(MODELS, name, v.lang), LONGEST_MODEL), name == chosen, cells))
    folds = v.count(judged(card).get("folds"))
    unit = v.pick(
        f"Each candidate was fitted {folds} times and asked about the rows left out",
        f"每个候选模型训练 {folds} 次，每次在留出的行上评估",
    )
    return Proof(_finding(chosen, weights, s), unit, _why(s), [Table(v.pick("Candidates", "候选模型"), heads, body)])


def _loss(value: object, s: Subject) -> str:
    return s.v.short(value) if s.number else numbers.decimal(value, 4)


def _against(value: float, base: float | None, s: Subject) -> str:
    if not base:
        return "–"
    change = value / base - 1
    return s.v.share(change) if abs(change) >= 0.0005 else s.v.share(0.0)


def _why(s: Subject) -> str:
    plain = s.v.pick("the mean of all", "均值") if s.number else s.v.pick("the base rate", "基准率")
    return s.v.pick(
        "A blend is published only where it is better than the best single model by more than chance, and no model "
        f"is published that does not beat {plain}.",
        f"混合模型只有在明显优于最佳单一模型时才会发布；任何模型都须优于{plain}才会发布。",
    )


def _finding(chosen: object, weights: Mapping[str, Any], s: Subject) -> str:
    v, name = s.v, clean(term(MODELS, chosen, s.v.lang), LONGEST_MODEL)
    if chosen in BASELINES:
        plain = v.pick("mean of all", "均值") if s.number else v.pick("base rate", "基准率")
        return v.pick(f"No candidate beat the {plain}: it is published", f"没有候选模型优于{plain}，因此发布{plain}")
    if len(weights) > 1:
        ordered = sorted(weights, key=lambda n: (-(known(weights[n]) or 0), n))
        members = v.pick(" + ", "、").join(clean(term(MODELS, n, v.lang), LONGEST_MODEL) for n in ordered)
        return v.pick(f"A blend is published: {members}", f"发布混合模型：{members}")
    return v.pick(f"{name} predicted best and is published", f"“{name}”预测最好，予以发布")


def thresholds(card: Card, s: Subject, *, whole: bool = False) -> Proof | None:
    """Who is flagged at which chance, and what comes of it; every tenth and the best F1, or all."""
    given = rows(judged(card).get("thresholds"), "threshold", "flagged")
    useful = [row for row in given if known(row.get("f1")) is not None]
    if not useful:
        return None
    v, best = s.v, max(useful, key=lambda row: row["f1"])
    shown = given if whole else [r for r in given if r is best or any(abs(r["threshold"] - t) < 1e-9 for t in TENTHS)]
    heads = [
        (v.pick("Flagged", "标记占比"), v.pick("of all", "占全体")),
        (v.pick("Precision", "精确率"), v.pick(f"of those, {s.yes}", f"其中{s.yes}占比")),
        (v.pick("Recall", "召回率"), v.pick(f"of all {s.yes}, found", f"找到的{s.yes}占比")),
        (v.pick("F1", "F1"), v.pick("both together", "两者综合")),
        (v.pick("Accuracy", "准确率"), _accuracy_of_no(best, s)),
    ]
    keys = ("flagged", "precision", "recall", "f1", "accuracy")
    body = [
        Row(_from(r, s), r is best, [v.share(r.get(k)) if k != "f1" else numbers.decimal(r.get(k)) for k in keys])
        for r in shown
    ]
    return Proof(_best(best, s), _beside(best, s), "", [Table(v.pick("Thresholds", "阈值"), heads, body)])


def _from(row: Mapping[str, Any], s: Subject) -> str:
    chance = s.v.share(row["threshold"])
    return s.v.pick(f"from {chance}", f"{chance} 起")


def _accuracy_of_no(row: Mapping[str, Any], s: Subject) -> str:
    base = known(row.get("base_rate"))
    if base is None:
        return ""
    plain = s.v.share(max(base, 1 - base))
    return s.v.pick(f"the same to all: {plain}", f"一律同答 {plain}")


def _best(row: Mapping[str, Any], s: Subject) -> str:
    v = s.v
    chance, some, found, right = (v.share(row.get(k)) for k in ("threshold", "flagged", "recall", "precision"))
    return v.pick(
        f"Flagging from {chance} up marks {some} of all and finds {found} of the {s.yes}; of those marked, {right} are",
        f"从 {chance} 起标记，会标出 {some} 的客户，找到 {found} 的{s.yes}，所标记者中 {right} 为{s.yes}",
    )


def _beside(row: Mapping[str, Any], s: Subject) -> str:
    v, base = s.v, known(row.get("base_rate"))
    usual = v.share(None if base is None else max(base, 1 - base))
    return v.pick(
        f"The best F1 is marked. Saying the same of everybody is right for {usual}: accuracy alone says little",
        f"F1 最高的一行已标出。对所有人给出同一答案的准确率已有 {usual}，因此单看准确率意义不大",
    )


def folds(card: Card, s: Subject) -> Table | None:
    """How good it is in each fold or block."""
    given: Sequence[Mapping[str, Any]] = rows(judged(card).get("by_fold"), "fold", "n", "mean")
    if not given:
        return None
    v = s.v
    heads = [
        (v.pick("Rows", "行数"), ""),
        (v.pick("Came", "实际"), ""),
        (v.pick("Said", "预测"), ""),
        ("R²" if s.number else "AUC", ""),
    ]
    body = [
        Row(
            v.count(r["fold"] + 1),
            False,
            [v.count(r["n"]), s.figure(r["mean"]), s.figure(r.get("said")), numbers.decimal(r.get("measure"), 3)],
        )
        for r in given
    ]
    return Table(v.pick("Fold by fold", "逐折结果"), heads, body)
