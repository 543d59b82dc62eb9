// The view of prices: a watchlist, and the chart of the chosen symbol.

import { PriceChart, WIDTH } from "/page/js/chart.js";
import { choices, el, empty, keyed, say, toggle } from "/page/js/dom.js";
import { ago, amount, clock, count, counted, date, direction, moment, percent, short } from "/page/js/format.js";

export const RANGES = [["5m", "5m"], ["15m", "15m"], ["1h", "1h"], ["6h", "6h"], ["1d", "1d"], ["1w", "1w"], ["1mo", "1M"], ["1y", "1Y"], ["all", "All"]];
const ROWS = 30;

export class Prices {
  constructor(app) {
    this.app = app;
    this.filter = "";
  }

  show(root) {
    this.search = el("input", { type: "search", placeholder: "Symbol", "aria-label": "Search symbols", autocomplete: "off", spellcheck: "false",
      oninput: () => { this.filter = this.search.value.trim().toUpperCase(); this.list(); } });
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.rows.querySelector("button")?.click();
      if (event.key === "ArrowDown") this.rows.querySelector("button")?.focus();
    });
    this.rows = el("ul", { "aria-label": "Symbols" });
    this.rows.addEventListener("keydown", (event) => this.#move(event));
    this.panel = el("section", { class: "chart-panel", "aria-label": "Chart" });
    root.append(el("div", { class: "prices" }, el("section", { class: "watchlist", "aria-label": "Watchlist" }, this.search, this.rows), this.panel));
    this.#panel();
    this.list();
    if (this.app.symbol) this.#reopen();
  }

  hide() {
    this.chart?.remove();
    this.chart = null;
  }

  #reopen() {
    this.app.watch(this.app.symbol, this.app.range);
  }

  #panel() {
    this.chart?.remove();
    if (!this.app.symbol) {
      this.chart = null;
      this.panel.replaceChildren(el("h1", { class: "sr" }, "Prices"), empty("No ticks are stored yet",
        "Post some with ", el("code", {}, "make demo"), " or ", el("code", {}, "make feed"), ": they appear here as they are stored."));
      return;
    }
    this.title = el("h1", {}, this.app.symbol);
    this.last = el("span", { class: "last" });
    this.asOf = el("span", { class: "muted" });
    this.legend = el("p", { class: "legend" });
    this.foot = el("span");
    this.corrected = el("span", { class: "corrected", role: "status" });
    this.table = el("tbody");
    const box = el("div", { class: "chart", role: "img", "aria-label": `Chart of ${this.app.symbol}` });
    this.box = box;
    this.panel.replaceChildren(
      el("div", { class: "chart-head" }, this.title, this.last, this.asOf),
      this.legend,
      el("div", { class: "tools" },
        choices("Range", RANGES, this.app.range, (range) => this.app.watch(this.app.symbol, range)),
        choices("Style", [["candles", "Candles"], ["line", "Line"]], this.style ?? "candles", (style) => { this.style = style; this.chart.show("candles", style === "candles"); }),
        el("div", { class: "group", role: "group", "aria-label": "Shown" },
          ["Averages", "Band", "Alerts"].map((name) => toggle(name, true, (on) => this.chart.show(name.toLowerCase(), on))))),
      box,
      el("p", { class: "chart-foot" }, this.foot, this.corrected,
        el("a", { class: "follow", href: `#/trace/${encodeURIComponent(this.app.symbol)}` }, "Follow its newest tick"),
        el("a", { href: "https://www.tradingview.com/", rel: "noreferrer" }, "Charts by TradingView")),
      el("details", { class: "as-table", ontoggle: () => this.#rowsOfTable() }, el("summary", {}, "Candles as a table"),
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Candles" }, el("table", {},
          el("thead", {}, el("tr", {}, ["Time (UTC)", "Open", "High", "Low", "Close", "Volume", "Ticks"].map((name) => el("th", { scope: "col" }, name)))), this.table))));
    this.details = this.panel.querySelector("details");
    this.chart = new PriceChart(box);
    if (this.style === "line") this.chart.show("candles", false);
    this.chart.onhover = (candle) => this.#legend(candle);
  }

  list() {
    const quotes = this.app.board.symbols.filter(({ symbol }) => symbol.includes(this.filter));
    keyed(this.rows, quotes, (quote) => quote.symbol, (quote) => this.#row(quote), (row, quote) => this.#fill(row, quote));
    if (!quotes.length && this.app.board.symbols.length)
      this.rows.replaceChildren(el("li", { class: "empty" }, "No symbol matches."));
  }

  #row({ symbol }) {
    return el("li", {}, el("button", { type: "button", class: "symbol", onclick: () => this.app.watch(symbol, this.app.range) },
      el("span", { class: "name", title: symbol }, symbol), el("span", { class: "price" }),
      el("span", { class: "meta" }, el("span", { class: "when" }), el("span", { class: "change" }))));
  }

  #fill(row, quote) {
    const [button, price, when, change] = [".symbol", ".price", ".when", ".change"].map((each) => row.querySelector(each));
    if (quote.symbol === this.app.symbol) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    say(price, short(quote.price));
    price.title = quote.price;
    say(when, `${quote.exchange} · ${ago(this.app.now - quote.time_ms)}`);
    say(change, quote.change_pct === null ? "" : percent(quote.change_pct, 3));
    change.className = `change ${direction(quote.change_pct, 3)}`;
  }

  // Arrow keys move through the watchlist.
  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.rows.querySelectorAll("button")];
    const next = buttons[buttons.indexOf(document.activeElement) + step];
    (next ?? this.search).focus();
  }

  chosen() {
    this.#panel();
    this.list();
  }

  prices(update) {
    if (!this.chart || update.symbol !== this.app.symbol) return;
    this.chart.put(update);
    if (update.reset) this.chart.paint();
    const { last } = update;
    if (last) {
      say(this.last, short(last.price, 12));
      this.last.title = last.price;
      say(this.asOf, `${last.exchange} · ${moment(last.time_ms)} UTC`);
    }
    say(this.foot, `${counted(update.ticks, "tick")} in candles of ${interval(update.interval_ms)}` +
      `${update.cut ? ", the newest of the range" : ""}${update.complete ? "" : " … reading older ones"}`);
    if (update.late.length) {
      const times = update.late.map((time) => clock(time * 1000));
      say(this.corrected, `A late tick corrected ${times.slice(0, 3).join(", ")}${times.length > 3 ? " …" : ""}`);
    }
    this.#rowsOfTable();
    this.#describe();
  }

  alerts({ symbol, alerts }) {
    if (!this.chart || symbol !== this.app.symbol) return;
    this.chart.mark(alerts);
    this.#describe();
  }

  // What the canvas shows, for those who do not see it.
  #describe() {
    const { length } = this.chart.all;
    this.box.setAttribute("aria-label", `Chart of ${this.app.symbol}: ${counted(length, "candle")}, ${counted(this.chart.markCount, "mark of an alert", "marks of alerts")}. The table below has the values.`);
  }

  #rowsOfTable() {
    if (!this.details?.open) return;
    keyed(this.table, this.chart.all.slice(-ROWS).reverse(), (candle) => String(candle.time), () => el("tr"), (row, c) => {
      row.replaceChildren(...[`${date(c.time * 1000)} ${clock(c.time * 1000)}`, amount(c.open), amount(c.high), amount(c.low), amount(c.close), String(c.volume), count(c.ticks)].map((text) => el("td", {}, text)));
    });
  }

  #legend(candle) {
    if (!candle) return;
    const value = (name, number) => el("span", {}, `${name} `, el("b", {}, amount(number)));
    const keyed = (kind, name, text) => el("span", { class: `key ${kind}` }, `${name} `, el("b", {}, text));
    this.legend.replaceChildren(
      el("span", {}, `${date(candle.time * 1000)} ${clock(candle.time * 1000)}`),
      value("O", candle.open), value("H", candle.high), value("L", candle.low), value("C", candle.close),
      el("span", {}, "Vol ", el("b", {}, Number(candle.volume.toPrecision(6)).toString())),
      keyed("ma-10", "ma_10", amount(candle.ma10)), keyed("ma-20", "ma_20", amount(candle.ma20)),
      keyed("band", `ma_20 ± ${WIDTH} volatility`, amount(candle.volatility)));
  }
}

function interval(ms) {
  for (const [unit, size] of [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000]]) if (ms >= size) return `${ms / size} ${unit}`;
  return `${ms / 1000} s`;
}
