"""Level rules in mode `every`: every tick beyond a mark fires.

The marks of a symbol, or of all symbols, are the built-in rules `high` and `low`.
"""

from services.data_processor.message import Quote
from services.data_processor.rules import Firing
from services.market.marks import Marks


def firings(quote: Quote, marks: Marks) -> list[Firing]:
    """One firing for each mark of the symbol that the quote is beyond."""
    return [
        Firing(alert_type.lower(), alert_type, mark)
        for alert_type, mark in marks.of(quote.symbol).crossed_by(quote.price)
    ]
