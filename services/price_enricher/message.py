"""The market-data message of an enriched tick. Every number is a string."""

import json

from services.market.money import plain
from services.price_enricher.enrichment import Enriched
from services.price_enricher.stream_record import Insert


def market_data(insert: Insert, enriched: Enriched) -> str:
    point, values = enriched.row.point, enriched.values
    previous = values.previous
    fields = {
        "symbol": insert.symbol,
        "timestamp": point.timestamp,
        "price": plain(point.price),
        "exchange": insert.short_text("exchange"),
        "ma_10": plain(values.ma_10),
        "ma_20": plain(values.ma_20),
        "volatility": plain(values.volatility),
        "price_change_pct": plain(values.price_change_pct),
        "previous_price": None if previous is None else plain(previous.price),
        "previous_timestamp": None if previous is None else previous.timestamp,
        "request_id": insert.short_text("request_id"),
    }
    return json.dumps({name: text for name, text in fields.items() if text is not None})
