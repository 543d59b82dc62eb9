// The alert rules with their states, above the alerts.

import { el, empty } from "/page/js/dom.js";

const COLUMNS = ["Symbol", "Rule", "Fires", "State", "Last fired", "Channels", "Note"];

export function rules() {
  const box = el("div", { class: "body" });
  const read = async () => {
    if (!details.open) return;
    const answer = await fetch("/rules").catch(() => null);
    if (!answer?.ok) return void box.replaceChildren(empty("The rules cannot be read", answer ? await answer.text() : ""));
    const found = await answer.json();
    box.replaceChildren(el("table", {},
      el("thead", {}, el("tr", {}, COLUMNS.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, found.map((rule) => el("tr", {},
        [rule.symbol, rule.rule_id, rule.fires, rule.reason ? `${rule.state}: ${rule.reason}` : rule.state, rule.last_fired, rule.channels || "all", rule.source === "settings" ? "from the settings" : rule.note].map((text) => el("td", {}, text)))))),
      el("p", { class: "command muted" }, "Change them with ", el("code", {}, "bin/tidemark rules"), ": a change needs no deployment."));
  };
  const details = el("details", { class: "card rules", ontoggle: read }, el("summary", {}, "Rules and their states"), box);
  return details;
}
