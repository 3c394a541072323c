"""What is said of customers, case by case: a few facts, and the scores, the stage or the sentence they lead to.

The horizon H is 100 days throughout. An empty cell is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

HORIZON_DAYS = 100


@dataclass(frozen=True)
class Judged:
    """Facts and answers in one table: the columns of `answers` follow from the others."""

    says: str
    answers: tuple[str, ...]
    table: str


SCORES = [
    Judged(
        "A score is 1 + floor(5 × customers strictly worse ÷ customers); the segment is the cell of R and FM.",
        ("r", "f", "m", "fm", "rfm_segment"),
        """
        customer | recency_days | orders | revenue | r | f | m | fm | rfm_segment
        ann      | 1            | 1      | 10      | 5 | 1 | 1 | 1  | new
        ben      | 2            | 9      | 900     | 4 | 5 | 5 | 5  | champion
        cyd      | 30           | 3      | 90      | 3 | 3 | 3 | 3  | needs_attention
        dan      | 90           | 6      | 300     | 2 | 4 | 4 | 4  | at_risk
        eve      | 400          | 2      | 40      | 1 | 2 | 2 | 2  | lost
        """,
    ),
    Judged(
        "Customers who are equal share a score; a customer without an occasion has none and counts for nobody.",
        ("r", "f", "m", "fm", "rfm_segment"),
        """
        customer | recency_days | orders | revenue | r | f | m | fm | rfm_segment
        ann      | 7            | 1      | 20      | 1 | 1 | 1 | 1  | lost
        ben      | 7            | 1      | 20      | 1 | 1 | 1 | 1  | lost
        cyd      | 7            | 2      | 80      | 1 | 4 | 4 | 4  | at_risk
        dan      |              | 0      | -5      |   |   |   |    |
        """,
    ),
    Judged(
        "Returns can take a customer's mean below zero: it is the lowest M, not an empty one.",
        ("m",),
        """
        customer | recency_days | orders | revenue | m
        ann      | 7            | 1      | -5      | 1
        ben      | 7            | 1      | 0       | 3
        """,
    ),
    Judged(
        "A makes up the first 80 % of value, B up to 95 %; whoever crosses the line belongs to the class before it.",
        ("abc",),
        """
        customer | recency_days | orders | revenue | abc
        ann      | 1            | 1      | 70      | A
        ben      | 1            | 1      | 20      | A
        cyd      | 1            | 1      | 6       | B
        dan      | 1            | 1      | 4       | C
        """,
    ),
    Judged(
        "Equal customers stand in the line by id; who has brought nothing, or less, is C.",
        ("abc",),
        """
        customer | recency_days | orders | revenue | abc
        ann      | 1            | 1      | 10      | A
        ben      | 1            | 1      | 10      | A
        cyd      | 1            | 1      | 10      | A
        dan      | 1            | 1      | 10      | A
        eve      | 1            | 1      | 10      | B
        fay      | 1            | 1      | 0       | C
        gil      |              | 0      | -9      | C
        """,
    ),
]

STAGES = Judged(
    "The first rule that holds decides the stage.",
    ("stage",),
    """
    orders | recency_days | tenure_days | f | health | came_while_lapsed | interest | stage
    0      |              |             |   |        |                   |          | prospect
    0      |              |             |   |        |                   | yes      | lead
    1      | 10           | 10          | 1 | .95    |                   |          | new
    1      | 90           | 90          | 1 | .55    |                   |          | at_risk
    3      | 20           | 150         | 3 | .9     |                   |          | active
    9      | 20           | 199         | 5 | .9     |                   |          | active
    9      | 20           | 200         | 4 | .9     |                   |          | loyal
    9      | 80           | 400         | 5 | .59    |                   |          | at_risk
    9      | 100          | 400         | 5 | .2     |                   |          | at_risk
    9      | 101          | 400         | 5 | .2     |                   |          | lapsed
    9      | 101          | 400         | 5 | .25    |                   |          | at_risk
    4      | 100          | 900         | 3 | .4     | yes               |          | won_back
    4      | 101          | 900         | 3 | .2     | yes               |          | lapsed
    """,
)

REASONS = Judged(
    "The reason is a fact about the rhythm of purchases; what stands out follows behind.",
    ("en", "zh"),
    """
    orders | recency_days | usual_gap | m | return_days | en | zh
    6 | 74 | 21 | | | Usually buys every 21 days; it has been 74. | 通常每 21 天购买一次，已有 74 天未购买。
    6 | 30 | 21 | | | Usually buys every 21 days; last purchase 30 days ago. | 通常每 21 天购买一次，最近一次在 30 天前。
    1 | 12 |    | | | Bought once, 12 days ago. | 仅在 12 天前购买过一次。
    1 | 1  |    | 5 | | Bought once, yesterday. Spends more each time than four in five customers. | 仅在 1 天前购买过一次。每次消费高于五分之四的客户。
    0 |    |    | | 1 | Only returns on record, no purchase. | 仅有退货记录，没有购买。
    """,  # noqa: E501
)
