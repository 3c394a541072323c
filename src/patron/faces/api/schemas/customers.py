"""Shapes of customers, what ties them together, products and exchange rates."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from patron.faces.api.resource import Keys
from patron.faces.api.values import MOST, Count, Day, Flag, Given, Moment, Money, Number, Rate, Shown, Sum

Kind = Literal["person", "organisation"]
Name = Annotated[str, Field(max_length=200)]
Short = Annotated[str, Field(max_length=120)]
Id = Annotated[int, Field(strict=True, ge=1, le=MOST)]
Extra = Annotated[
    dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=2000)]], Field(max_length=100)
]
Tie = Literal["works_for", "parent_of", "household", "referred", "other"]
Currency = Annotated[str, Field(pattern="^[A-Za-z]{3}$")]


class CustomerFields(Given):
    """Who a customer is. What is left out is not said; an empty text or null empties a field."""

    name: Name | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    wechat: Annotated[str, Field(max_length=80)] | None = None
    title: Short | None = None
    gender: Annotated[str, Field(max_length=12)] | None = None
    birthday: Day | None = None
    address: Annotated[str, Field(max_length=300)] | None = None
    city: Short | None = None
    region: Short | None = None
    country: Annotated[str, Field(max_length=80)] | None = None
    language: Literal["en", "zh", ""] | None = None
    channel: Annotated[str, Field(max_length=80)] | None = None
    acquisition_cost: Money | None = None
    extra: Extra | None = None
    external_id: Name | None = None

    def said(self) -> dict[str, Any]:
        """The fields that were given."""
        return self.model_dump(include=set(CustomerFields.model_fields), exclude_unset=True, mode="python")


class NewCustomer(CustomerFields):
    """A customer who is not known yet: at least a name, phone, e-mail, WeChat or external id."""

    kind: Kind = "person"
    owner_id: Id | None = None


class CustomerChange(CustomerFields):
    """What is to be said otherwise of a customer."""

    kind: Kind = "person"

    def said(self) -> dict[str, Any]:
        """The fields that were given."""
        return self.model_dump(exclude_unset=True, mode="python")


class Customer(Shown):
    """Who a customer is, as far as is known."""

    id: Number
    kind: Kind
    name: str
    email: str
    phone: str
    wechat: str
    title: str
    gender: str
    birthday: Day | None
    address: str
    city: str
    region: str
    country: str
    language: str
    channel: str
    acquisition_cost: Sum | None
    extra: dict[str, Any]
    external_id: str
    owner_id: int | None
    team_id: int | None
    created_at: Moment
    updated_at: Moment
    erased_at: Moment | None


class InShort(Shown):
    """A customer's number and name."""

    id: Number
    name: str


class Identity(Shown):
    """What a person is known by."""

    kind: Literal["email", "phone", "wechat", "external"]
    value: str
    shown: str


class Relation(Shown):
    """A tie to another customer; `towards` says whether it starts here."""

    id: Number
    kind: Tie
    towards: bool
    other: InShort
    note: str
    created_at: Moment


class Source(Shown):
    """Where a record comes from."""

    name: str
    kind: str


class Record(Shown):
    """One customer as one source knows it."""

    id: Number
    source: Source
    external_id: str
    created_at: Moment


class Merge(Shown):
    """A merge that can be taken back."""

    id: Number
    survivor_id: Number
    absorbed_id: Number
    made_at: Moment
    made_by: str
    undone_at: Moment | None


class Profile(Customer):
    """A customer with all that says who they are."""

    identities: list[Identity]
    tags: list[str]
    relations: list[Relation]
    records: list[Record]
    merges: list[Merge]


class Found(Shown):
    """A customer as lists and searches show them."""

    id: Number
    kind: Kind
    name: str
    email: str
    phone: str
    city: str
    country: str
    owner: InShort | None
    team_id: int | None
    tags: list[str]
    created_at: Moment


class Assignment(Given):
    """Whose customers they are from now on; null is nobody, what is left out stays."""

    customer_ids: Keys
    owner_id: Id | None = None
    team_id: Id | None = None


class Tagging(Given):
    """A tag on customers."""

    customer_ids: Keys
    tag: Annotated[str, Field(min_length=1, max_length=60)]


class Changed(Shown):
    """How many were changed."""

    changed: Count


class NewRelation(Given):
    """A tie from one customer to another."""

    other_id: Id
    kind: Tie
    note: Name = ""


class Merging(Given):
    """Who stays, and who becomes part of them."""

    survivor_id: Id
    absorbed_id: Id


class Unmerging(Shown):
    """What taking a merge back would do: facts by kind that go back, and that stay."""

    merge: Merge
    absorbed: InShort
    goes: dict[str, int]
    stays: dict[str, int]


class Duplicates(Shown):
    """Customers who may be the same: `why` they agree, in what, and how many there are."""

    why: Literal["phone", "email", "name"]
    value: str
    count: Count
    customers: list[InShort]


class Erasure(Given):
    """The name of the person who is to be erased for good, to be sure."""

    confirm_name: Name


class PersonData(Shown):
    """Every row that is kept about a person, by table."""

    customer: Number
    made_at: Moment
    rows: dict[str, list[dict[str, Any]]]


class Product(Shown):
    """Something that can be ordered."""

    id: Number
    code: str
    name: str
    category: str
    price: Sum | None
    cost: Sum | None
    currency: str
    item: bool


class ProductFields(Given):
    """What is to be said of a product; what is left out stays."""

    name: Annotated[str, Field(max_length=300)] = ""
    category: Short = ""
    price: Money | None = None
    cost: Money | None = None
    currency: Annotated[str, Field(pattern="^([A-Za-z]{3})?$")] = ""
    item: Flag = True


class ExchangeRate(Shown):
    """One unit of `currency` is worth `rate` of `base` from `day` on."""

    id: Number
    day: Day
    currency: str
    base: str
    rate: Sum


class SavedRate(ExchangeRate):
    """The rate, and how many orders of its days had another one: they are told it in the background."""

    orders: Count


class NewRate(Given):
    """What one unit of a currency is worth in the base currency from a day on."""

    day: Day
    currency: Currency
    rate: Rate
