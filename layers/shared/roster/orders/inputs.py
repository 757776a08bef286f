"""What clients may send about orders."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from roster.auth.inputs import Input, absent
from roster.orders.currencies import CODES
from roster.orders.models import TOTAL_MAX, OrderItem, OrderStatus

ITEMS_MAX = 100
SKU_LENGTH_MAX = 64
QUANTITY_MAX = 1_000_000
# Each of these is one byte in SQL and in JSON: RDS Proxy pins whoever sends it a statement of more than 16 KB.
SKU_PATTERN = r"^[ !#-&(-\[\]-~]+$"
_SKU = re.compile(SKU_PATTERN)


def _checked_sku(text: str) -> str:
    sku = text.strip(" ")
    if not sku:
        raise PydanticCustomError("empty", "A SKU has at least one character.")
    if not _SKU.fullmatch(sku):
        raise PydanticCustomError("sku", "A SKU has visible ASCII characters and blanks, no quotes or backslashes.")
    return sku


def _checked_currency(text: str) -> str:
    if text not in CODES:
        raise PydanticCustomError("currency", "This is not the ISO 4217 code of a currency that circulates.")
    return text


def _require_bounded(amount: int) -> None:
    if amount > TOTAL_MAX:
        raise PydanticCustomError("total_too_large", "The total of an order is at most 9007199254740991.")


Sku = Annotated[
    str,
    Field(min_length=1, max_length=SKU_LENGTH_MAX, examples=["LAMP-7"], json_schema_extra={"pattern": SKU_PATTERN}),
    AfterValidator(_checked_sku),
]
Currency = Annotated[
    str, Field(examples=["EUR"], json_schema_extra={"enum": sorted(CODES)}), AfterValidator(_checked_currency)
]


class ItemInput(Input):
    """*quantity* times *unit_price*, in minor units of the currency, is at most 9,007,199,254,740,991."""

    sku: Sku
    # It stands before the quantity, which is judged by it.
    unit_price: Annotated[int, Field(ge=0, le=TOTAL_MAX, examples=[1999])]
    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MAX, examples=[2])]

    @field_validator("quantity")
    @classmethod
    def _bounded(cls, quantity: int, others: ValidationInfo) -> int:
        _require_bounded(quantity * others.data.get("unit_price", 0))
        return quantity


class OrderInput(Input):
    """What is ordered, in the order in which it is shown; the total has the same bound as an item."""

    currency: Currency
    items: Annotated[list[ItemInput], Field(min_length=1, max_length=ITEMS_MAX)]

    @field_validator("items")
    @classmethod
    def _bounded(cls, items: list[ItemInput]) -> list[ItemInput]:
        _require_bounded(sum(item.quantity * item.unit_price for item in items))
        return items

    def order_items(self) -> list[OrderItem]:
        return [OrderItem(item.sku, item.quantity, item.unit_price) for item in self.items]


class OrderPatch(Input):
    """The one field that can change (RFC 7396)."""

    status: OrderStatus = absent()
