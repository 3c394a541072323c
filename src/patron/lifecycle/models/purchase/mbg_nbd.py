"""MBG/NBD: BG/NBD in which the customer may leave after the first purchase already."""

from __future__ import annotations

from typing import ClassVar

from patron.lifecycle.models.purchase.beta_geometric import BetaGeometricFitted, BetaGeometricModel


class MbgNbdFitted(BetaGeometricFitted):
    """A fitted MBG/NBD."""

    first_chance: ClassVar[int] = 1


class MbgNbd(BetaGeometricModel):
    """Modified beta-geometric / negative binomial [Batislam, Denizel & Filiztekin 2007].

    As BG/NBD, and a one-time buyer may have left too, so its P(alive) can be shown. Does not work where customers
    buy at fixed intervals or where seasons dominate. Higher scores mean more purchases.

    >>> from patron.lifecycle.models.purchase.histories import Histories
    >>> some = Histories.of([0, 2, 5, 0, 1], [0, 30, 38, 0, 4], [39, 39, 39, 20, 30])
    >>> fitted = MbgNbd().fit_histories(some, seed=0)
    >>> recent, long_ago = fitted.p_alive([2, 2], [38.0, 10.0], [39.0, 39.0])
    >>> bool(recent > long_ago)
    True
    """

    name = "mbg_nbd"
    fitted = MbgNbdFitted
