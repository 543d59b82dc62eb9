from benchmarks.load import Load, SentTick, by_symbol, make_ticks, new_symbols, send_all


def test_all_senders_together_send_each_tick_once_in_webhooks_of_one_size() -> None:
    ticks = make_ticks(25, ["BTC", "ETH"])
    sent: list[tuple[SentTick, ...]] = []

    send_all(
        ticks, Load(10, 3, 25, per_s=100_000), lambda each: sent.append(tuple(each))
    )

    assert sorted(map(len, sent)) == [5, 10, 10]
    assert {tick for webhook in sent for tick in webhook} == {*ticks}


def test_each_symbol_has_ticks_in_order_of_time() -> None:
    ticks = make_ticks(6, ["BTC", "ETH"])

    symbols = by_symbol(ticks)

    assert [tick.trade_id for tick in symbols["ETH"]] == [1, 3, 5]
    assert [tick.time_ns for tick in ticks] == sorted(tick.time_ns for tick in ticks)


def test_no_two_loads_have_a_symbol_in_common() -> None:
    assert not {*new_symbols()} & {*new_symbols()}
