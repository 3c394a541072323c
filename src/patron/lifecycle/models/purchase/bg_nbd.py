"""BG/NBD: the customer may leave right after any repeat purchase."""

from __future__ import annotations

from typing import ClassVar

from patron.lifecycle.models.purchase.beta_geometric import BetaGeometricFitted, BetaGeometricModel


class BgNbdFitted(BetaGeometricFitted):
    """A fitted BG/NBD. Its P(alive) is 1 for every one-time buyer, so it is never shown as a figure."""

    shows_p_alive: ClassVar[bool] = False


class BgNbd(BetaGeometricModel):
    """Beta-geometric / negative binomial [Fader, Hardie & Lee 2005], for shops without a contract.

    Good where purchases are irregular and independent. Does not work where customers buy at fixed intervals, where
    seasons dominate, or as a judge of one-time buyers: nobody leaves before the first repeat purchase, so their
    P(alive) is 1 (use MBG/NBD or Pareto/NBD for that figure). Higher scores mean more purchases.

    >>> from patron.lifecycle.models.purchase.histories import Histories
    >>> some = Histories.of([0, 2, 5, 0, 1], [0, 30, 38, 0, 4], [39, 39, 39, 20, 30])
    >>> fitted = BgNbd().fit_histories(some, seed=0)
    >>> fitted.shrunken, list(fitted.params)
    (True, ['r', 'alpha', 'a', 'b'])
    >>> bool(fitted.expected([5], [38.0], [39.0], 39.0)[0] > fitted.expected([0], [0.0], [39.0], 39.0)[0])
    True
    """

    name = "bg_nbd"
    fitted = BgNbdFitted
