// The view of dead letters: by queue and reason, with payloads, and commands to copy.

import { el, empty } from "/page/js/dom.js";
import { counted } from "/page/js/format.js";

export class Letters {
  constructor(app) {
    this.app = app;
  }

  show(root) {
    this.box = el("div", { class: "groups" });
    this.refresh = el("button", { type: "button", class: "action", onclick: () => this.#read() }, "Read again");
    root.append(el("h1", { class: "sr" }, "Dead letters"),
      el("div", { class: "filters" }, this.refresh, el("span", { class: "muted" }, "Reading consumes nothing, but hides the messages from other readers for a moment.")), this.box);
    this.#read();
  }

  async #read() {
    this.refresh.disabled = true;
    this.box.replaceChildren(el("p", { class: "empty", role: "status" }, "Reading the queues …"));
    const answer = await fetch("/letters").catch((error) => ({ ok: false, text: () => String(error) }));
    this.refresh.disabled = false;
    if (!answer.ok) return void this.box.replaceChildren(empty("The queues cannot be read", await answer.text()));
    const groups = await answer.json();
    if (!groups.length) return void this.box.replaceChildren(empty("The dead-letter queues are empty", "Bad data, events that failed, and messages that were refused end here. ", el("code", {}, "make dlq"), " shows them in a terminal."));
    this.box.replaceChildren(...groups.map((group) => this.#group(group)));
  }

  #group(group) {
    return el("details", { class: "card group-card" },
      el("summary", {},
        el("span", { class: "amount" }, ...amount(group)),
        el("span", { class: "what" }, el("b", {}, group.reason || "no reason"), el("span", { class: "muted" }, about(group))),
        el("span", { class: "muted when" }, day(group.oldest) === day(group.newest) ? day(group.newest) : `${day(group.oldest)} to ${day(group.newest)}`)),
      el("div", { class: "body" },
        ...(group.look ? [copyable("Show these in a terminal", group.look), copyable("Say what would be sent back (add YES=1 to do it)", group.send)] : []),
        ...group.entries.map((entry) => el("article", {},
          el("p", { class: "muted" }, [entry.sent_at, entry.symbol, entry.cannot_return && `cannot be sent back: ${entry.cannot_return}`].filter(Boolean).join(" · ")),
          el("pre", { tabindex: "0" }, entry.body + (entry.cut ? " …" : "")), copyable("Only this one, whole", entry.whole)))));
  }
}

// As the badge counts them. A message may hold many bad elements, as `make dlq` counts.
function amount({ messages, whole }) {
  const [number, unit] = counted(messages, "message").split(" ");
  return [el("b", {}, `${number}${whole ? "" : "+"}`), " ", el("small", {}, unit)];
}

const about = ({ queue, kind, count, messages }) =>
  [queue, kind, count === messages ? "" : counted(count, "bad element")].filter(Boolean).join(" · ");

const day = (iso) => iso.slice(0, 16).replace("T", " ");

function copyable(label, command) {
  const button = el("button", { type: "button", class: "action", onclick: async () => {
    await navigator.clipboard.writeText(command);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  } }, "Copy");
  return el("p", { class: "command" }, el("span", { class: "muted" }, label), el("code", {}, command), button);
}
