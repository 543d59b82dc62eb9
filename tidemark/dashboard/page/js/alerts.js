// The view of alerts: newest first, by symbol and rule, each with the ticks around it.

import { el, empty, keyed, say } from "/page/js/dom.js";
import { rules } from "/page/js/rules.js";
import { ago, date, moment, percent, short } from "/page/js/format.js";

const COLUMNS = ["Time (UTC)", "Symbol", "Type", "Price", "Mark", "Rule", "Exchange", "Notified", ""];
const TICKS = ["Time (UTC)", "Price", "Change", "ma_10", "ma_20", "Volatility", "Request"];

const MOVES = ["UP", "DOWN"];
const mark = ({ alert_type: type, threshold }) => (threshold && MOVES.includes(type) ? `${threshold} %` : threshold ?? "–");

export class Alerts {
  constructor(app) {
    this.app = app;
    this.symbol = "";
    this.rule = "";
  }

  show(root) {
    this.bySymbol = el("input", { type: "search", placeholder: "Symbol", "aria-label": "Only this symbol", value: this.symbol, list: "symbols", autocomplete: "off", spellcheck: "false",
      oninput: () => this.#choose({ symbol: this.bySymbol.value.trim().toUpperCase() }) });
    this.byRule = el("select", { "aria-label": "Only this rule", onchange: () => this.#choose({ rule: this.byRule.value }) }, el("option", { value: "" }, "All rules"));
    this.shown = el("span", { class: "muted", role: "status" });
    this.rows = el("tbody");
    this.card = el("section", { class: "card alerts", tabindex: "0", "aria-label": "Alerts" },
      el("table", {}, el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col", class: name === "Price" || name === "Mark" ? "number" : null }, name || el("span", { class: "sr" }, "Ticks around it"))))), this.rows));
    this.none = el("div");
    root.append(el("h1", { class: "sr" }, "Alerts"), rules(), el("div", { class: "filters" }, this.bySymbol, this.byRule, this.shown), this.card, this.none);
    this.list();
  }

  // New alerts wait while the ticks around one are open: it would move away.
  list() {
    const { alerts, read_at_ms: read } = this.app.board;
    this.#rules(alerts);
    if (this.rows.querySelector(".around")) return void say(this.shown, "Paused while ticks are open");
    const chosen = alerts.filter((alert) => alert.symbol.includes(this.symbol) && (!this.rule || alert.rule_id === this.rule));
    keyed(this.rows, chosen, (alert) => `${alert.symbol} ${alert.alert_id} ${alert.time_ms}`, (alert) => this.#row(alert), (row, alert) => this.#fill(row, alert));
    this.card.hidden = !chosen.length;
    say(this.shown, chosen.length ? `${chosen.length} newest` : "");
    if (chosen.length) this.none.replaceChildren();
    else if (!read) this.none.replaceChildren(empty("Reading the alerts …"));
    else if (alerts.length) this.none.replaceChildren(empty("No alert matches", "Choose another symbol or rule."));
    else this.none.replaceChildren(empty("No alerts yet", "An alert is raised above or below a mark: see ", el("code", {}, "PRICE_MARKS"), " in ", el("code", {}, ".env"), ", or post with ", el("code", {}, "make demo"), "."));
  }

  #choose(chosen) {
    Object.assign(this, chosen);
    this.rows.replaceChildren();
    this.list();
  }

  #rules(alerts) {
    const present = new Set([...this.byRule.options].map((option) => option.value));
    for (const rule of new Set(alerts.map((alert) => alert.rule_id).filter(Boolean)))
      if (!present.has(rule)) this.byRule.append(el("option", { value: rule }, rule));
  }

  #row(alert) {
    const button = el("button", { type: "button", class: "link", "aria-expanded": "false", "aria-label": `Ticks around ${alert.alert_type} ${alert.symbol}`,
      onclick: () => this.#around(row, button, alert) }, "Ticks");
    const row = el("tr", {},
      el("td", { title: alert.created_at }, el("span", { class: "date" }, `${date(alert.time_ms)} `), moment(alert.time_ms).slice(11)),
      el("td", {}, el("a", { href: `#/prices/${encodeURIComponent(alert.symbol)}/1h` }, alert.symbol)),
      el("td", { class: alert.alert_type === "HIGH" || alert.alert_type === "UP" ? "fall" : "rise" }, alert.alert_type ?? ""),
      el("td", { class: "number", title: alert.price }, short(alert.price ?? "", 12)), el("td", { class: "number" }, mark(alert)),
      el("td", {}, alert.rule_id ?? ""), el("td", {}, alert.exchange ?? ""), el("td", { class: "notified" }), el("td", {}, button));
    return row;
  }

  #fill(row, alert) {
    const age = ago(this.app.now - Date.parse(alert.notified_at));
    const text = !alert.notified_at ? "not yet" : alert.stale ? `stale: to the topic only · ${age}` : `yes · ${age}`;
    say(row.querySelector(".notified"), text);
  }

  async #around(row, button, alert) {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      row.nextElementSibling.remove();
      return void this.list();
    }
    const cell = el("td", { colspan: COLUMNS.length }, "Reading …");
    row.after(el("tr", { class: "around" }, cell));
    const query = new URLSearchParams({ symbol: alert.symbol, time_ms: alert.time_ms });
    const answer = await fetch(`/ticks?${query}`);
    if (!answer.ok) return void cell.replaceChildren(await answer.text());
    const ticks = await answer.json();
    cell.replaceChildren(el("p", { class: "muted" }, alert.message ?? ""), el("table", {},
      el("thead", {}, el("tr", {}, TICKS.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ticks.map((tick) => el("tr", { class: tick.time_ms === alert.time_ms && tick.price === alert.price ? "it" : null },
        [moment(tick.time_ms), tick.price, tick.price_change_pct ? percent(tick.price_change_pct, 3) : "–", short(tick.ma_10 ?? "–", 12), short(tick.ma_20 ?? "–", 12), short(tick.volatility ?? "–"), tick.request_id ? el("a", { href: `#/trace/${tick.request_id}` }, tick.request_id) : ""].map((content) => el("td", {}, content)))))));
  }
}
