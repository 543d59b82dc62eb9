// The view that follows one request, and each of its ticks, from the webhook to the alert.

import { el, empty } from "/page/js/dom.js";
import { age, count, counted } from "/page/js/format.js";

const KNOWN = ["hop", "state", "at", "waiting_ms", "request_ids", "since_received_ms", "since_previous_ms", "symbol", "first", "last", "count", "payload"];
const WAIT_MS = 3000;

export class Trace {
  constructor(app) {
    this.app = app;
  }

  show(root) {
    const [, , asked = ""] = location.hash.split("/");
    this.input = el("input", { type: "search", placeholder: "Request id or symbol", "aria-label": "Request id or symbol", autocomplete: "off", spellcheck: "false", class: "wide", value: decodeURIComponent(asked) });
    const form = el("form", { class: "filters", role: "search" }, this.input, el("button", { class: "action" }, "Follow"),
      el("span", { class: "muted" }, "A symbol means its newest tick."));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.hash = `#/trace/${encodeURIComponent(this.input.value.trim())}`;
    });
    this.box = el("div", { class: "trace", "aria-live": "polite" });
    root.append(el("h1", { class: "sr" }, "Follow a tick"), form, this.box);
    if (asked) this.#read(decodeURIComponent(asked));
    else this.box.replaceChildren(empty("Follow one tick through every hop", "Enter the request id that the webhook answered, or a symbol; the ticks around an alert have theirs, too."));
  }

  hide() {
    clearTimeout(this.timer);
  }

  async #read(asked) {
    const query = new URLSearchParams(/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(asked) ? { request_id: asked } : { symbol: asked.toUpperCase() });
    if (!this.box.children.length) this.box.replaceChildren(el("p", { class: "empty" }, "Searching the logs and tables …"));
    const answer = await fetch(`/trace?${query}`).catch(() => null);
    if (!answer || !this.box.isConnected) return;
    if (!answer.ok) return void this.box.replaceChildren(empty(answer.status === 404 ? "Nothing knows it" : "It cannot be followed",
      answer.status === 404 ? "A request is logged once it is processed, and logs are kept for three days. If it was just sent, try again in a few seconds." : await answer.text()));
    const trace = await answer.json();
    this.box.replaceChildren(...this.#made(trace));
    // What is pending arrives by itself: ask for the same request, not the newest tick.
    if (!trace.complete) this.timer = setTimeout(() => this.#read(trace.request_id), WAIT_MS);
  }

  #made(trace) {
    const ticks = trace.ticks.map((tick) => el("section", { class: "card" },
      el("h2", {}, el("a", { href: `#/prices/${encodeURIComponent(tick.symbol)}/1h` }, tick.symbol), el("span", { class: "muted" }, ` ${tick.timestamp}`)), hops(tick.hops)));
    return [
      el("section", { class: "card" }, el("h2", {}, "Request ", el("code", {}, trace.request_id), el("span", { class: "muted" }, ` ${trace.exchange} · ${trace.complete ? "complete" : "something is pending"}`)), hops(trace.hops)),
      ...ticks,
      trace.count > trace.ticks.length ? el("p", { class: "muted" }, `${counted(trace.count - trace.ticks.length, "more tick")}: bin/tidemark trace ${trace.request_id} shows them`) : null,
    ].filter(Boolean);
  }
}

function hops(items) {
  return el("ol", { class: "steps" }, items.map((hop) => {
    const details = Object.entries(hop).filter(([name]) => !KNOWN.includes(name)).map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
    return el("li", { "data-state": hop.state },
      el("b", {}, hop.hop, hop.state === "done" ? null : el("span", { class: "state" }, ` ${hop.state}${hop.waiting_ms === undefined ? "" : ` for ${age(hop.waiting_ms)}`}`)),
      el("span", { class: "at" }, hop.at ?? (hop.state === "pending" ? "" : "time not known")),
      el("span", { class: "delay" }, hop.since_previous_ms === undefined ? "" : `+${count(hop.since_previous_ms)} ms`),
      el("span", { class: "delay muted" }, hop.since_received_ms === undefined ? "" : `${count(hop.since_received_ms)} ms in all`),
      el("span", { class: "muted details" }, details.join(" · ")));
  }));
}
