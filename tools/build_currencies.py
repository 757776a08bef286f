"""
Makes the table of currencies that ships in the layer from the list of ISO 4217 that the package `iso4217` holds.

Type `make currencies`; docs/orders.md says which codes are left out.
"""

from pathlib import Path

import iso4217
from roster.orders import currencies

FILE = Path(currencies.__file__)
PER_LINE = 15
# The list marks neither as a fund, but nobody can pay in them.
UNITS_OF_ACCOUNT = {"UYW": "Uruguay's wage index", "XAD": "between members of the Arab Monetary Fund"}


def codes() -> list[str]:
    """Return the codes of what has minor units and is neither a fund nor a unit of account."""
    entries = [entry for entry in iso4217.raw_xml.iter("CcyNtry") if entry.find("Ccy") is not None]
    countable = {entry.findtext("Ccy", "") for entry in entries if entry.findtext("CcyMnrUnts", "").isdigit()}
    funds = {entry.findtext("Ccy", "") for entry in entries for name in entry.iter("CcyNm") if name.get("IsFund")}
    return sorted(countable - funds - UNITS_OF_ACCOUNT.keys())


def source(found: list[str]) -> str:
    """Return the module that holds these codes."""
    quoted = [f'"{code}"' for code in found]
    lines = [", ".join(quoted[start : start + PER_LINE]) for start in range(0, len(quoted), PER_LINE)]
    table = "".join(f"    {line},\n" for line in lines)
    return (
        '"""The currencies that circulate, made by `make currencies`; docs/orders.md says which those are."""\n\n'
        f"# ISO 4217 as published on {iso4217.__published__}.\n"
        f"CODES = frozenset((\n{table}))  # fmt: skip\n"
    )


def main() -> None:
    found = codes()
    FILE.write_text(source(found), "utf-8")
    print(f"{len(found)} currencies, published {iso4217.__published__}")


if __name__ == "__main__":
    main()
