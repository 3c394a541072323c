"""A history of some of its customers, held in memory: for what a fair sample answers as well as everybody."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from patron.history.derived import Derived
from patron.history.shelf import Shelf


class SampledShelf(Shelf):
    """`whole`, with the customer-days of `customers` of its customers only, drawn by `seed`. Facts stay whole."""

    def __init__(self, whole: Shelf, customers: int, seed: int) -> None:
        super().__init__(whole.folder, whole.manifest, whole.engine)
        self._whole = whole
        drawn = np.random.default_rng(seed).choice(len(whole), customers, replace=False)
        self._drawn = self.engine.hold(pa.table({"customer": pa.array(np.sort(drawn), pa.int32())}))

    @property
    def derived(self) -> Derived:
        """The files of the whole."""
        return self._whole.derived

    @cached_property
    def days(self) -> Any:
        """Customer-days of the drawn customers."""
        return self.engine.hold(self._whole.days.semi_join(self._drawn, "customer"))

    @cached_property
    def ids(self) -> Any:
        """Numbers and ids of the drawn customers."""
        return self.engine.hold(self._whole.ids.semi_join(self._drawn, "customer").order_by("customer"))
