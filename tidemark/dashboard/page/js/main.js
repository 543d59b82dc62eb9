// The page: which view is shown, which symbol is watched, and the live connection.

import { Alerts } from "/page/js/alerts.js";
import { Cost } from "/page/js/cost.js";
import { Flow } from "/page/js/flow.js";
import { el, say } from "/page/js/dom.js";
import { age, clock } from "/page/js/format.js";
import { Letters } from "/page/js/letters.js";
import { Live } from "/page/js/live.js";
import { Prices, RANGES } from "/page/js/prices.js";
import { Trace } from "/page/js/trace.js";

const VIEWS = [
  ["prices", "Prices", Prices], ["flow", "Flow", Flow], ["alerts", "Alerts", Alerts],
  ["trace", "Follow", Trace], ["letters", "Dead letters", Letters], ["cost", "Cost", Cost],
];

// An address may be typed by hand.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

class App {
  symbol = "";
  range = "1h";
  board = { symbols: [], hops: [], alerts: [], read_at_ms: 0 };
  #skew = 0;
  #view = null;
  #heard = null;
  #troubles = new Map();

  constructor() {
    this.root = document.getElementById("view");
    this.nav = document.getElementById("views");
    this.links = new Map(VIEWS.map(([id, title]) => [id, el("a", { href: `#/${id}` }, title)]));
    this.nav.append(...this.links.values());
    this.views = new Map(VIEWS.map(([id, , View]) => [id, new View(this)]));
    this.live = new Live();
    for (const name of ["prices", "alerts"]) this.live.addEventListener(name, ({ detail }) => this.#view?.[name]?.(detail));
    this.live.addEventListener("beat", ({ detail }) => { this.#skew = detail.now_ms - Date.now(); this.#heard = detail.now_ms; this.#connection(); });
    this.live.addEventListener("board", ({ detail }) => this.#take(detail));
    this.live.addEventListener("trouble", ({ detail }) => this.#trouble(detail));
    this.live.addEventListener("state", () => this.#connection());
    addEventListener("hashchange", () => this.#route());
    setInterval(() => this.#connection(), 1000);
    this.#route();
    if (!this.symbol) this.live.watch("", this.range);
  }

  // The server's clock: ages are compared with times of the server.
  get now() {
    return Date.now() + this.#skew;
  }

  // Show a symbol; the address keeps it.
  watch(symbol, range) {
    const changed = symbol !== this.symbol || range !== this.range;
    this.symbol = symbol;
    this.range = range;
    history.replaceState(null, "", `#/prices/${encodeURIComponent(symbol)}/${range}`);
    this.live.watch(symbol, range);
    if (changed) this.#view?.chosen?.();
    document.title = `${symbol} · Tidemark`;
  }

  #route() {
    const [, id = "prices", symbol, range] = location.hash.split("/");
    const chosen = this.links.has(id) ? id : "prices";
    if (chosen === "prices" && symbol) this.symbol = decoded(symbol);
    if (RANGES.some(([known]) => known === range)) this.range = range;
    for (const [each, link] of this.links) {
      if (each === chosen) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.#view?.hide?.();
    this.#view = this.views.get(chosen);
    this.root.replaceChildren();
    this.#view.show(this.root);
    document.title = `${this.links.get(chosen).textContent} · Tidemark`;
  }

  #take(board) {
    const first = !this.board.read_at_ms && board.read_at_ms;
    this.board = board;
    say(document.getElementById("where"), board.where ?? "");
    const fires = board.hops.filter((hop) => hop.state === "alarm").length;
    this.#badge("flow", fires, "alarm");
    const letters = board.hops.filter((hop) => hop.kind === "dead letters");
    this.#badge("letters", letters.reduce((sum, hop) => sum + (hop.backlog.waiting ?? 0), 0), "message");
    if (first && !this.symbol && board.symbols.length && this.#view === this.views.get("prices")) {
      const newest = board.symbols.reduce((a, b) => (b.time_ms > a.time_ms ? b : a));
      this.watch(newest.symbol, this.range);
    }
    this.#view?.list?.();
  }

  #badge(id, number, unit) {
    const alarm = unit === "alarm";
    const link = this.links.get(id);
    link.querySelector(".count")?.remove();
    if (number) link.append(" ", el("span", { class: `count ${alarm ? "alarm" : ""}` }, String(number), el("span", { class: "sr" }, number === 1 ? ` ${unit}` : ` ${unit}s`)));
  }

  #trouble({ source, message }) {
    this.#troubles.set(source, message);
    const told = [...new Set(this.#troubles.values())].filter(Boolean);
    const box = document.getElementById("trouble");
    box.hidden = !told.length;
    say(box, told.join(" "));
  }

  #connection() {
    const state = this.live.state;
    const line = document.getElementById("connection");
    document.body.dataset.connection = state;
    line.dataset.state = state;
    if (state === "lost") say(line, this.#heard ? `Connection lost, retrying · as of ${age(this.now - this.#heard)} ago` : "No connection, retrying");
    else if (state === "live") say(line, "Live");
    else say(line, "Connecting");
    line.title = this.#heard ? `${clock(this.#heard)} UTC` : "";
  }
}

new App();
