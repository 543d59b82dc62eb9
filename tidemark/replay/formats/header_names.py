"""The known names of CSV columns by role, in snake case, the best name first."""

TIME = (
    *("timestampms", "timestamp_ms", "time_ms", "create_time_ms", "microtimestamp"),
    *(
        "time_period_start",
        "transact_time",
        "trade_time",
        "time_exchange",
        "exec_time",
        "executed_at",
        "execution_time",
    ),
    *("execution_date", "filled_time", "fill_time", "filled_at", "match_time"),
    *("trade_created_at", "trade_date", "trade_timestamp", "transaction_time"),
    *("unix", "unix_timestamp", "unix_time", "epoch", "epoch_ms", "mts"),
    *("timestamp", "datetime", "date_time", "created_time", "created_at"),
    *("create_time", "creation_time", "time", "date", "open_time", "time_open"),
    *("opentime", "period_start", "start_time", "start"),
    *(
        "candle_begin_time",
        "event_time",
        "snapped_at",
        "ts",
        "t",
        "ticks",
        "dt",
        "fecha",
        "datum",
        "zeit",
        "时间",
        "成交时间",
        "дата",
        "время",
    ),
)
CLOCKS = ("time", "clock", "hour", "time_of_day", "hora", "uhrzeit")
DATES = ("date", "day", "fecha", "datum", "trade_date")
CLOSE_TIMES = (
    *("close_time", "time_period_end", "period_end", "time_close", "closetime"),
    *("end_time", "candle_end", "end", "close_timestamp"),
)
PRICE = (
    *("price", "trade_price", "exec_price", "fill_price", "filled_price"),
    *("executed_price", "execution_price", "deal_price", "avg_filled_price"),
    *("average_price", "avg_price", "price_per_unit", "price_per_coin", "unit_price"),
    *("last_price", "last", "lastpx", "rate", "px", "p", "preis", "precio", "kurs"),
    *(
        "prix",
        "prezzo",
        "价格",
        "成交价",
        "成交价格",
        "цена",
        "close",
        "close_price",
        "c",
    ),
    *(
        "closing_price",
        "price_close",
        "close_last",
        "px_close",
        "schlusskurs",
        "schluss",
    ),
    *("cierre", "cloture", "chiusura", "fechamento"),
)
# Beside `price`, one of these is the executed price, and `price` the ordered one.
EXECUTED_PRICES = frozenset(
    (
        *("avg_filled_price", "average_price", "avg_price", "filled_price"),
        *("executed_price", "price_per_unit", "unit_price", "price_per_coin"),
    )
)
VOLUME = (
    *("base_volume", "base_amount", "base_qty", "base_quantity", "volume_base"),
    *("base_asset_volume", "home_notional", "executed", "executed_qty"),
    *("executed_quantity", "executed_amount", "filled", "filled_qty", "filled_size"),
    *("filled_quantity", "filled_amount", "fill_size", "exec_qty", "exec_size"),
    *("qty", "quantity", "quantity_transacted", "size", "sz", "last_qty", "vol"),
    *("volume", "amount", "units", "q", "v", "menge", "cantidad", "anzahl", "quantite"),
    *(
        "trade_volume",
        "volume_traded",
        "stuecke",
        "stucke",
        "volumen",
        "数量",
        "成交量",
    ),
)
QUOTE = (
    *("quote_qty", "quote_volume", "quote_amount", "quote_quantity", "volume_quote"),
    *(
        "quote_asset_volume",
        "foreign_notional",
        "cost",
        "funds",
        "turnover",
        "notional",
    ),
    *("notional_value", "volume_currency", "volume_ccy", "trading_total", "total"),
    *(
        "value",
        "filled_value",
        "executed_value",
        "total_price",
        "total_value",
        "subtotal",
        "proceeds",
        "summe",
        "betrag",
    ),
)
FEE = ("fee", "fees", "commission", "fee_amount", "trading_fee")
SIDE = (
    *("side", "taker_side", "aggressor_side", "aggressor", "taker", "direction"),
    *("trade_side", "trade_direction", "buy_sell", "action", "type", "trade_type"),
    *("transaction_type", "order_side", "sub_type", "subtype", "bs", "方向"),
)
# Columns with one of these names hold sides, and nothing else.
ONLY_SIDES = frozenset(
    ("side", "taker_side", "aggressor_side", "trade_side", "buy_sell", "order_side")
)
MAKER = (
    *("is_buyer_maker", "buyer_maker", "buyer_is_maker", "maker", "m"),
    *("taker_side_sell", "is_sell", "maker_side"),
)
# True if the taker bought.
BUYS = ("is_buy", "is_buyer_taker", "buyer_taker", "buyer_is_taker")
ID = (
    *("trade_id", "tradeid", "trd_match_id", "trdmatchid", "match_id", "exec_id"),
    *("execid", "execution_id", "fill_id", "txid", "trade_no", "tradeno", "trade_uid"),
    *(
        "trade_number",
        "trade",
        "deal_id",
        "transaction_id",
        "tid",
        "agg_trade_id",
        "aggtradeid",
    ),
    *("id", "#", "uuid", "a"),
)
SYMBOL = (
    *("symbol", "pair", "product_id", "product", "instrument_name", "instrument"),
    *("instrument_id", "inst_id", "instid", "currency_pair", "trading_pair"),
    *(
        "market",
        "ticker",
        "market_symbol",
        "asset_pair",
        "contract",
        "trade_pair",
        "spot_pairs",
        "pairs",
        "s",
    ),
)
EXCHANGE = ("exchange", "venue", "exchange_name")
CLOSES = frozenset(
    (
        *("close", "close_price", "closing_price", "price_close", "adj_close"),
        *("close_last", "px_close", "schlusskurs", "schluss", "cierre", "cloture"),
        *("chiusura", "fechamento"),
    )
)
CLOSE = (
    *("close", "close_price", "price_close", "c", "closing_price", "close_last"),
    *("px_close", "schlusskurs", "schluss", "cierre", "cloture", "chiusura"),
    *("fechamento", "last", "zuletzt", "ultimo", "dernier", "price", "trade_price"),
)
OPEN = (
    *("open", "price_open", "open_price", "o", "opening_price", "px_open", "apertura"),
    *("eroffnung", "eroffn", "erster", "ouverture", "ouv", "abertura"),
)
HIGH = (
    *("high", "price_high", "high_price", "h", "max", "px_high", "hoch", "maximo"),
    *("massimo", "plus_haut", "haut", "maxima"),
)
LOW = (
    *("low", "price_low", "low_price", "l", "min", "px_low", "tief", "minimo"),
    *("plus_bas", "bas", "minima"),
)
# Columns that name the zone of the clocks in other ones.
ZONES = ("timezone", "time_zone", "tz", "utc_offset", "gmt_offset", "tz_offset")
INTERVAL = ("interval", "timeframe", "resolution", "period")
STATUS = ("status", "state", "order_status")
BASE = (
    *("base", "base_currency", "base_asset", "base_symbol", "base_coin", "asset"),
    *("coin", "amount_currency", "size_unit"),
)
MONEY = (
    *("quote_currency", "quote_asset", "quote_symbol", "quote_coin", "price_currency"),
    *("rate_currency", "counter", "quote", "currency"),
)
# Columns of order books, which have prices and sides, too.
BOOK = ("is_snapshot", "update_type", "first_update_id", "book_side", "book_level")
