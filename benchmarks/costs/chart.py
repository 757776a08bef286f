"""The picture of a bill: one bar for each rate, its parts as shares of the whole."""

from collections.abc import Iterator, Mapping

from benchmarks.costs.model import Bill

_WIDTH, _LEFT, _RIGHT, _TOP, _BAR, _GAP = 790, 150, 20, 64, 44, 26
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.title{font-size:15px;font-weight:600}"
    ".in{fill:#fff;text-anchor:middle}.rate{text-anchor:end}"
)
PARTS = {
    "API Gateway": ("#1f6fb2", ("API Gateway",)),
    "WAF": ("#8a5cb8", ("WAF",)),
    "Lambda": ("#b8860b", ("Lambda: invocations", "Lambda: compute, INIT included")),
    "logs": ("#2e8b57", ("Logs of functions", "Access logs", "Logs, kept")),
    "watching": ("#b2473e", ("Metrics, alarms, dashboards", "X-Ray")),
    "database and cache": ("#4a6572", ("PostgreSQL", "RDS Proxy", "Valkey")),
    "rest": ("#999999", ("Data to the internet", "VPC endpoints", "Secrets and key")),
}


def drawn(bills: Mapping[int, Bill]) -> str:
    height = _TOP + len(bills) * (_BAR + _GAP) + 30
    told = "What a month costs: what stands there at 1 request per second, gateway, firewall and logs at 3,000."
    parts = [
        f'<text class="title" x="{_LEFT}" y="24">A month of prod, in shares</text>',
        *(piece for row, (rate, bill) in enumerate(bills.items()) for piece in _bar(row, rate, bill)),
        *_legend(height),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{told}">\n'
        f'<style>{_STYLE}</style>\n<rect width="{_WIDTH}" height="{height}" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _bar(row: int, rate: int, bill: Bill) -> Iterator[str]:
    y, total, x = _TOP - 20 + row * (_BAR + _GAP), sum(bill.values()), float(_LEFT)
    yield f'<text class="rate" x="{_LEFT - 12}" y="{y + 18}">{rate:,} per second</text>'
    yield f'<text class="rate" x="{_LEFT - 12}" y="{y + 36}">{total:,.0f} USD</text>'
    for colour, lines in PARTS.values():
        share = sum(bill.get(line, 0) for line in lines) / total
        width = share * (_WIDTH - _LEFT - _RIGHT)
        yield f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>'
        if share >= 0.05:
            yield f'<text class="in" x="{x + width / 2:.1f}" y="{y + 27}">{share:.0%}</text>'
        x += width


def _legend(height: int) -> Iterator[str]:
    x = float(_LEFT)
    for name, (colour, _) in PARTS.items():
        yield f'<rect x="{x:.0f}" y="{height - 26}" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 16:.0f}" y="{height - 15}">{name}</text>'
        x += 34 + 7 * len(name)
