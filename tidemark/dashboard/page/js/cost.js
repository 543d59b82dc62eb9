// The view of costs: what the traffic of the last five minutes would cost on AWS.

import { el, empty } from "/page/js/dom.js";
import { count } from "/page/js/format.js";

const NAMES = {
  write_units: ["DynamoDB writes", "write units"], read_units: ["DynamoDB reads", "read units"],
  queue_requests: ["SQS", "requests"], notifications: ["SNS", "notifications"], api_requests: ["API Gateway", "requests"],
  invocations: ["Lambda invocations", "invocations"], gb_seconds: ["Lambda time", "GB-seconds"], log_kilobytes: ["Logs", "KB"],
};
const EVERY_MS = 15_000;
const dollars = (amount) => `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`;
const sum = (items) => Object.values(items).reduce((a, b) => a + b, 0);

export class Cost {
  constructor(app) {
    this.app = app;
  }

  show(root) {
    this.box = el("div", { class: "costs" }, empty("Counting the traffic …"));
    root.append(el("h1", { class: "sr" }, "Cost on AWS"), this.box);
    this.timer = setInterval(() => this.#read(), EVERY_MS);
    this.#read();
  }

  hide() {
    clearInterval(this.timer);
  }

  async #read() {
    const answer = await fetch("/cost").catch(() => null);
    if (!answer) return;
    if (!answer.ok) return void this.box.replaceChildren(empty("The traffic cannot be counted", await answer.text()));
    const cost = await answer.json();
    if (!cost.traffic) return void this.box.replaceChildren(empty("No traffic in the last five minutes", "Post some with ", el("code", {}, "make demo"), " or ", el("code", {}, "make feed"), "."));
    this.box.replaceChildren(...this.#made(cost));
  }

  #made({ ticks_per_minute: rate, traffic, units_per_tick: units, per_hour: hour, per_million_ticks: million }) {
    const most = Math.max(...Object.values(hour));
    const figure = (value, text) => el("div", { class: "figure" }, el("b", {}, value), el("span", { class: "muted" }, text));
    const rows = Object.entries(NAMES).map(([unit, [name, what]]) => el("tr", {},
      el("th", { scope: "row" }, name), el("td", { class: "number" }, `${units[unit].toPrecision(3)} ${what}`),
      el("td", { class: "number" }, dollars(hour[unit])), el("td", { class: "number" }, dollars(million[unit])),
      el("td", { class: "bar" }, el("meter", { min: 0, max: most, value: hour[unit], "aria-label": `Share of ${name}` }))));
    return [
      el("div", { class: "figures" }, figure(dollars(sum(hour)), "an hour"), figure(dollars(sum(million)), "per million ticks"), figure(count(rate), "ticks a minute, in the last five minutes")),
      el("section", { class: "card", tabindex: "0", "aria-label": "Costs by service" }, el("table", {},
        el("thead", {}, el("tr", {}, ["", "Per tick", "An hour", "Per million ticks", "Share"].map((name) => el(name ? "th" : "td", name ? { scope: "col", class: name === "Share" ? null : "number" } : {}, name)))),
        el("tbody", {}, rows))),
      el("p", { class: "muted note" },
        `${traffic.per_webhook.toFixed(1)} ticks in a webhook, ${traffic.stream_batch.toFixed(1)} in a batch of the stream, ${traffic.queue_batch.toFixed(1)} in a batch of market-data, ${traffic.writes.toFixed(2)} writes per tick. ` +
        "On-demand prices of us-east-1 without free tiers. Lambda time is as measured here: the local cloud's processor is not AWS's. Storage, the key, alarms and data transfer are not counted."),
    ];
  }
}
