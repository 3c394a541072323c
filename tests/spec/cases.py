"""What each feature means: a few order lines, a day, and the answer.

This file is the manual: `docs/features.md` is printed from it. What a line does not say is ordinary: known on the
day it happened, one unit of a product, 10 in money (`pipes.order_lines`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """`lines` as of `as_of` give `answer`; the columns of `answer` are the features spoken of."""

    says: str
    as_of: str
    lines: str
    answer: str


CASES = [
    Case(
        "All orders of a customer on one day are one purchase occasion.",
        "2024-03-31",
        """
        customer | day        | revenue
        ann      | 2024-01-05 | 10
        ann      | 2024-01-05 | 20
        ann      | 2024-02-09 | 30
        ben      | 2024-02-10 | 40
        """,
        """
        customer | orders | x | revenue
        ann      | 2      | 1 | 60
        ben      | 1      | 0 | 40
        """,
    ),
    Case(
        "Ages are counted in weeks between calendar days: t_x to the last occasion, T to the as-of day.",
        "2024-01-29",
        """
        customer | day
        ann      | 2024-01-01
        ann      | 2024-01-08
        ann      | 2024-01-22
        ben      | 2024-01-29
        """,
        """
        customer | first_order | last_order | t_x | T
        ann      | 2024-01-01  | 2024-01-22 | 3   | 4
        ben      | 2024-01-29  | 2024-01-29 | 0   | 0
        """,
    ),
    Case(
        "A return takes its money off on its own day and removes no occasion; a customer with returns only stays.",
        "2024-03-31",
        """
        customer | day        | quantity | revenue
        ann      | 2024-01-05 | 2        | 50
        ann      | 2024-01-20 | -2       | -50
        ben      | 2024-02-10 | -1       | -8
        """,
        """
        customer | orders | revenue | return_days | first_order | x | t_x | T
        ann      | 1      | 0       | 1           | 2024-01-05  | 0 | 0   | 12.285714285714286
        ben      | 0      | -8      | 1           |             | 0 | 0   | 0
        """,
    ),
    Case(
        "A return on the day of a purchase leaves the occasion and lowers its money.",
        "2024-03-31",
        """
        customer | day        | quantity | revenue
        ann      | 2024-01-05 | 1        | 10
        ann      | 2024-01-12 | 3        | 30
        ann      | 2024-01-12 | -1       | -12
        """,
        """
        customer | orders | return_days | repeat_n | repeat_mean
        ann      | 2      | 1           | 1        | 18
        """,
    ),
    Case(
        "Postage, fees and discounts count in money; they are no returns.",
        "2024-03-31",
        """
        customer | day        | quantity | revenue | item
        ann      | 2024-01-05 | 1        | 40      | yes
        ann      | 2024-01-05 | 1        | 5       | no
        ann      | 2024-01-09 | -1       | -2      | no
        """,
        """
        customer | orders | revenue | return_days
        ann      | 1      | 43      | 0
        """,
    ),
    Case(
        "Something given away (price 0) makes no occasion.",
        "2024-03-31",
        """
        customer | day        | quantity | revenue
        ann      | 2024-01-05 | 1        | 10
        ann      | 2024-01-12 | 1        | 0
        """,
        """
        customer | orders | x
        ann      | 1      | 0
        """,
    ),
    Case(
        "The mean spend leaves the first occasion out, and occasions whose money is not above 0.",
        "2024-03-31",
        """
        customer | day        | quantity | revenue
        ann      | 2024-01-05 | 1        | 100
        ann      | 2024-01-12 | 1        | 20
        ann      | 2024-01-19 | 1        | 40
        ann      | 2024-01-26 | 1        | 5
        ann      | 2024-01-26 | -1       | -9
        ben      | 2024-02-01 | 1        | 70
        """,
        """
        customer | orders | repeat_n | repeat_mean
        ann      | 4      | 2        | 30
        ben      | 1      | 0        | 0
        """,
    ),
    Case(
        "The usual gap is the median of the days between occasions; the gap before the last is the newest of them.",
        "2024-03-31",
        """
        customer | day
        ann      | 2024-01-01
        ann      | 2024-01-08
        ann      | 2024-01-18
        ann      | 2024-03-18
        ben      | 2024-01-01
        ben      | 2024-01-05
        ben      | 2024-01-12
        cat      | 2024-01-01
        """,
        """
        customer | usual_gap | last_gap_before
        ann      | 10        | 60
        ben      | 5.5       | 7
        cat      |           |
        """,
    ),
    Case(
        "Cost is what is known of it; where none is known it is empty, not 0.",
        "2024-03-31",
        """
        customer | day        | revenue | cost
        ann      | 2024-01-05 | 10      | 4
        ann      | 2024-01-06 | 10      |
        ben      | 2024-01-06 | 10      |
        """,
        """
        customer | revenue | cost
        ann      | 20      | 4
        ben      | 10      |
        """,
    ),
    Case(
        "A day includes its evening; what happened later, or was known later, is not there yet.",
        "2024-01-10",
        """
        customer | day        | known
        ann      | 2024-01-10 | 2024-01-10
        ann      | 2024-01-11 | 2024-01-11
        ann      | 2024-01-02 | 2024-01-11
        ben      | 2024-01-03 | 2024-02-01
        """,
        """
        customer | orders | first_order | last_order
        ann      | 1      | 2024-01-10  | 2024-01-10
        """,
    ),
    Case(
        "A correction replaces the line it corrects from the day it is known.",
        "2024-01-31",
        """
        fact | customer | day        | known      | revenue | corrects
        1    | ann      | 2024-01-02 | 2024-01-02 | 500     |
        2    | ann      | 2024-01-02 | 2024-01-20 | 50      | 1
        3    | ben      | 2024-01-03 | 2024-01-03 | 70      |
        4    | ben      | 2024-01-03 | 2024-02-20 | 7       | 3
        """,
        """
        customer | orders | revenue
        ann      | 1      | 50
        ben      | 1      | 70
        """,
    ),
    Case(
        "Of several corrections the one known last stands, and a correction can be corrected.",
        "2024-01-31",
        """
        fact | customer | day        | known      | revenue | corrects
        1    | ann      | 2024-01-02 | 2024-01-02 | 500     |
        2    | ann      | 2024-01-02 | 2024-01-10 | 50      | 1
        3    | ann      | 2024-01-02 | 2024-01-12 | 55      | 1
        4    | ben      | 2024-01-02 | 2024-01-02 | 900     |
        5    | ben      | 2024-01-02 | 2024-01-10 | 90      | 4
        6    | ben      | 2024-01-04 | 2024-01-12 | 95      | 5
        """,
        """
        customer | revenue | first_order
        ann      | 55      | 2024-01-02
        ben      | 95      | 2024-01-04
        """,
    ),
    Case(
        "Money adds up exactly: ten times ten cents is one.",
        "2024-03-31",
        "customer | day | revenue\n" + "ann | 2024-01-05 | 0.1\n" * 10,
        """
        customer | revenue
        ann      | 1
        """,
    ),
]
