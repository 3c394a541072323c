"""Several models of the same cases as one: their predictions on the link, weighted [Wolpert 1992; Breiman 1996].

When it works: members that err in different places. Weights are not learnt here: whoever compares the members on cases
they did not see hands them in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from patron.lifecycle.models.base import Parts
from patron.lifecycle.models.table.base import TableFitted, Terms
from patron.lifecycle.models.table.cases import Cases, Floats

NAME = "blend"


@dataclass(frozen=True)
class Blended(TableFitted):
    """Σ weight × member on the link; the weights add up to 1."""

    members: tuple[TableFitted, ...]
    weights: tuple[float, ...]

    def on_link(self, cases: Cases) -> Floats:
        """Σ (n)."""
        return np.asarray(sum(w * one.on_link(cases) for one, w in self._pairs()))

    def terms(self, cases: Cases) -> Terms:
        """A feature's term is the weighted sum of its terms in the members."""
        found = [(one.terms(cases), w) for one, w in self._pairs()]
        base = np.asarray(sum(w * t.base for t, w in found))
        return Terms(base, np.asarray(sum(w * t.of_features for t, w in found)), self.preparation.names)

    def parts(self) -> Parts:
        """Those of the members, each behind its place."""
        taken = [one.parts() for one in self.members]
        json = self._kept(weights=list(self.weights), members=[dict(p.json) for p in taken])
        arrays = {f"{i}_{name}": a for i, p in enumerate(taken) for name, a in p.arrays.items()}
        texts = {f"{i}_{name}": t for i, p in enumerate(taken) for name, t in p.texts.items()}
        return Parts(json, arrays, texts)

    def _pairs(self) -> list[tuple[TableFitted, float]]:
        return list(zip(self.members, self.weights, strict=True))


def blend(members: Sequence[TableFitted], weights: Sequence[float]) -> Blended:
    """One model of several that were fitted on the same cases."""
    total = float(sum(weights))
    first = members[0]
    shared = first.preparation  # fitted on the same cases, all have learnt the same: it is made use of once
    alike = [one if one.preparation != shared else replace(one, preparation=shared) for one in members]
    return Blended(NAME, first.task, shared, tuple(alike), tuple(w / total for w in weights))


def restore(parts: Parts) -> TableFitted:
    """The fitted model of a table, single or blended, that `parts()` took apart."""
    from patron.lifecycle.models.catalogue import model  # which names this room's files

    if parts.json["name"] != NAME:
        return cast(TableFitted, model(parts.json["name"]).restore(parts))
    members = [
        restore(
            Parts(
                kept,
                {n.split("_", 1)[1]: a for n, a in parts.arrays.items() if n.startswith(f"{i}_")},
                {n.split("_", 1)[1]: t for n, t in parts.texts.items() if n.startswith(f"{i}_")},
            )
        )
        for i, kept in enumerate(parts.json["members"])
    ]
    return blend(members, parts.json["weights"])
