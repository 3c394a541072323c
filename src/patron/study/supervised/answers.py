"""What somebody said about doubtful columns, remembered for the next table with the same outcome and column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patron.study.saving import replace_text
from patron.study.supervised.guard import Answers


@dataclass(frozen=True)
class Book:
    """outcome column → doubtful column → whether it is known at scoring; kept in `file`."""

    file: Path
    said: dict[str, dict[str, bool]]

    @staticmethod
    def of(file: Path) -> Book:
        """What was remembered so far; nothing where the file is not there or not to be read."""
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Book(file, {})
        return Book(file, kept if isinstance(kept, dict) else {})

    def answers(self, target: str, known: Iterable[str], excluded: Iterable[str], copies: str) -> Answers:
        """What is said now, and what was said before of columns that nothing is said of now."""
        now_known, now_excluded = frozenset(known), frozenset(excluded)
        before = self.said.get(target, {})
        earlier = {name for name, yes in before.items() if yes} - now_excluded
        return Answers(now_known | earlier, now_excluded, copies, now_known | now_excluded)

    def remember(self, target: str, card: Mapping[str, Any]) -> None:
        """Keep what was answered (not what nobody answered) with a model that was trained."""
        answered = {d["column"]: d["answer"] == "known" for d in card["doubts"] if "nobody" not in d["answer"]}
        if not answered:
            return
        self.said[target] = {**self.said.get(target, {}), **answered}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        replace_text(self.file, json.dumps(self.said, ensure_ascii=False, indent=1))
