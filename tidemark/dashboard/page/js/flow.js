// The view of the pipeline: each hop with what it does now; a click shows its last items.

import { el, empty, keyed, say } from "/page/js/dom.js";
import { age, count } from "/page/js/format.js";

// Where a hop that is no step of the main line hangs.
const BELOW = { "webhook-processor-dlq": 2, "price-enricher-dlq": 4, "market-data-dlq": 6, "notifications-dlq": 9, "log-forwarder": 1 };
const STATES = { ok: "working", idle: "idle", warn: "needs attention", alarm: "alarm" };

export class Flow {
  constructor(app) {
    this.app = app;
    this.open = null;
  }

  show(root) {
    this.hops = el("ol", { class: "flow", "aria-label": "Hops, in the order of the flow" });
    this.items = el("section", { class: "items", hidden: true, "aria-live": "polite" });
    root.append(el("h1", { class: "sr" }, "The flow"), this.hops, this.items);
    this.open = null;
    this.list();
  }

  list() {
    const { hops } = this.app.board;
    if (!hops.length) return void this.hops.replaceChildren(el("li", { class: "all" }, empty("Reading the pipeline …")));
    if (!this.hops.querySelector("[data-key]")) this.hops.replaceChildren();
    const main = hops.filter((hop) => !BELOW[hop.id]);
    const branches = hops.filter((hop) => BELOW[hop.id]);
    const order = narrow() ? column(main, branches) : [...main, ...branches];
    keyed(this.hops, order, (hop) => hop.id, (hop) => this.#make(hop), (item, hop) => this.#fill(item, hop));
  }

  #make(hop) {
    const facts = ["waiting", "oldest", "errors"].map((name) => el("span", { class: "fact" }, el("span", {}, name), el("b", { "data-fact": name })));
    const below = BELOW[hop.id];
    return el("li", { class: below ? `branch at-${below}` : "main" },
      el("button", { type: "button", class: "hop", "aria-expanded": "false", onclick: () => this.#toggle(hop.id) },
        el("span", { class: "title" }, hop.id), el("span", { class: "kind" }, hop.kind),
        el("span", { class: "rate" }, el("span", { "data-fact": "rate" }), el("small", { "data-fact": "unit" })),
        el("span", { class: "facts" }, facts), el("span", { class: "status" })));
  }

  #fill(item, hop) {
    item.dataset.state = hop.state;
    const fact = (name, text) => {
      const value = item.querySelector(`[data-fact="${name}"]`);
      say(value, text);
      const row = value.closest(".fact");
      if (row) row.hidden = text === "–";
    };
    const letters = hop.kind === "dead letters";
    fact("rate", letters ? count(hop.backlog.waiting) : count(hop.rate));
    fact("unit", letters ? ` ${hop.unit}` : ` ${hop.unit}/min`);
    fact("waiting", letters ? "–" : count(hop.backlog.waiting) + (hop.backlog.more ? "+" : ""));
    fact("oldest", hop.backlog.waiting || hop.backlog.oldest_ms ? age(hop.backlog.oldest_ms) + (hop.backlog.older && hop.backlog.oldest_ms >= 1000 ? " or more" : "") : "–");
    fact("errors", hop.error_pct === null ? "–" : `${hop.error_pct.toFixed(hop.error_pct && hop.error_pct < 10 ? 1 : 0)} %`);
    say(item.querySelector(".status"), hop.alarms.length ? hop.alarms.join(", ") : STATES[hop.state]);
  }

  async #toggle(id) {
    this.open = this.open === id ? null : id;
    for (const button of this.hops.querySelectorAll(".hop"))
      button.setAttribute("aria-expanded", String(button.parentElement.dataset.key === this.open));
    this.items.hidden = !this.open;
    if (!this.open) return;
    this.items.replaceChildren(el("header", {}, el("h2", {}, `Last items at ${id}`)), el("p", { class: "empty" }, "Reading …"));
    const answer = await fetch(`/hops/${encodeURIComponent(id)}`);
    if (this.open !== id) return;
    const { about, items, message } = answer.ok ? await answer.json() : { items: [], message: await answer.text() };
    this.items.replaceChildren(
      el("header", {}, el("h2", {}, `Last items at ${id}`), el("span", { class: "muted" }, about ?? "")),
      ...(items.length ? items.map((text) => el("pre", {}, text)) : [empty("Nothing", message ?? "Nothing passed here in the last minutes.")]));
  }
}

// In one column, each branch is below the hop that fills it. Nothing of the line fills
// the log-forwarder: it is last.
function column(main, branches) {
  const filled = main.flatMap((hop, index) => [hop, ...branches.filter(({ id }) => index > 0 && BELOW[id] === index + 1)]);
  return [...filled, ...branches.filter((hop) => !filled.includes(hop))];
}

const narrow = () => matchMedia("(max-width: 1200px)").matches;
