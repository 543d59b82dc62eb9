// Elements are built from text: what a sender wrote never becomes markup.

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// Set text only if it differs, so that screen readers and selections are left alone.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Keep a list's children by key, in order: rows that stay keep their focus.
// A child without a key, such as an opened detail, follows the one before it.
export function keyed(parent, items, key, make, update) {
  const present = new Map();
  const following = new Map();
  let last = null;
  for (const child of parent.children) {
    if (child.dataset.key === undefined) following.set(last, child);
    else present.set(last = child.dataset.key, child);
  }
  for (const child of following.values()) child.remove();
  let before = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    let child = present.get(id);
    if (!child) {
      child = make(item);
      child.dataset.key = id;
    }
    present.delete(id);
    if (child !== before) parent.insertBefore(child, before);
    else before = before.nextElementSibling;
    update(child, item);
  }
  for (const child of present.values()) child.remove();
  for (const child of parent.children) {
    if (following.has(child.dataset.key)) child.after(following.get(child.dataset.key));
  }
}

// A row of buttons of which one is pressed.
export function choices(label, names, chosen, onChoose) {
  const buttons = names.map(([value, text]) =>
    el("button", { type: "button", "aria-pressed": String(value === chosen), "data-value": value,
      onclick: () => { press(value); onChoose(value); } }, text));
  const press = (value) => {
    for (const each of buttons) each.setAttribute("aria-pressed", String(each.dataset.value === value));
  };
  return el("div", { class: "group", role: "group", "aria-label": label }, buttons);
}

export function toggle(text, pressed, onToggle) {
  const button = el("button", { type: "button", "aria-pressed": String(pressed), onclick: () => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(now));
    onToggle(now);
  } }, text);
  return button;
}

export function empty(title, ...text) {
  return el("div", { class: "empty" }, el("strong", {}, title), ...text);
}
