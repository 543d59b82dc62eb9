// Numbers, times and ages as text. Times are UTC, as everywhere in Tidemark.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SIGNIFICANT = 8;

export const count = (number) => (number === null || number === undefined ? "–" : whole.format(number));

// A decimal from the server, cut to eight significant digits without a float.
export function short(text, significant = SIGNIFICANT) {
  let digits = 0, started = false, shown = "", fraction = false;
  for (const character of text) {
    if (character === ".") fraction = true;
    else if (/[1-9]/.test(character)) started = true;
    if (fraction && digits >= significant) break;
    shown += character;
    if (started && character !== ".") digits += 1;
  }
  return shown.endsWith(".") ? shown.slice(0, -1) : shown;
}

export const decimals = (price) =>
  Math.min(20, Math.max(2, 5 - Math.floor(Math.log10(Math.abs(price) || 1))));

export function amount(number, digits = decimals(number)) {
  return number === null || number === undefined ? "–" : number.toFixed(digits);
}

export const iso = (ms) => new Date(ms).toISOString();
export const clock = (ms) => iso(ms).slice(11, 19);
export const date = (ms) => iso(ms).slice(0, 10);
export const moment = (ms) => iso(ms).replace("T", " ").slice(0, 23);

const UNITS = [["y", 31_557_600_000], ["d", 86_400_000], ["h", 3_600_000], ["min", 60_000], ["s", 1000]];

export function age(ms) {
  if (ms === null || ms === undefined) return "–";
  for (const [unit, size] of UNITS) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return "now";
}

export const ago = (ms) => (ms < 1000 ? "now" : `${age(ms)} ago`);

// Only one is singular: `1 tick`, `2 ticks`.
export const counted = (number, one, several = `${one}s`) => `${count(number)} ${number === 1 ? one : several}`;

// As it is shown: what rounds to zero has no sign.
const rounded = (text, digits) => Number(Number(text).toFixed(digits)) || 0;

export function percent(text, digits = 2) {
  const number = rounded(text, digits);
  return `${number > 0 ? "+" : ""}${number.toFixed(digits)} %`;
}

// Whether a change is shown as a rise, a fall, or none.
export const direction = (text, digits = 2) => ({ "1": "rise", "-1": "fall" })[Math.sign(rounded(text, digits))] ?? "";
