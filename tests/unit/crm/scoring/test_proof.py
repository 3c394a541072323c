"""How good the model is, in words a shop owner understands."""

from __future__ import annotations

from patron.crm.scoring.proof import backtest_words

WHY = {"en": "Tested on 3 earlier days.", "zh": "在 3 个过去的日期上检验。"}
CHOSEN = {
    "name": "pareto_nbd",
    "chosen": True,
    "total_ratio": 0.93,
    "auc": 0.81,
    "coverage": 0.84,
    "log_score": -0.8,
}


def test_what_the_test_on_the_past_showed() -> None:
    rules = [
        {"name": "baseline_recency", "chosen": False, "log_score": -0.9},
        {"name": "baseline_mean_by_x", "chosen": False, "log_score": -0.7},
    ]
    said = backtest_words({"backtest": {"why": WHY, "models": [CHOSEN, *rules]}})
    english = " ".join(text.en for text in said)
    assert english.startswith("Tested on 3 earlier days. For every 100 purchases that came, it had expected 93.")
    assert "8 of 10" in english
    assert "84 %" in english
    assert "beat 1 of 2" in english
    assert "优于 2 条简单规则中的 1 条。" in said[-1].zh


def test_without_a_test_only_why_there_was_none_is_said() -> None:
    said = backtest_words({"backtest": {"why": WHY, "models": []}})
    assert [text.en for text in said] == [WHY["en"]]
