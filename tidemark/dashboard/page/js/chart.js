// The chart of one symbol: candles or a line, averages, the volatility band, alerts.

import {
  CandlestickSeries, ColorType, CrosshairMode, HistogramSeries, LineSeries, createChart, createSeriesMarkers,
} from "/library/lightweight-charts.js";
import { Band } from "/page/js/band.js";
import { amount, clock, date, decimals } from "/page/js/format.js";

const FLASH_MS = 6000;
const MANY = 60;
const MOST_CANDLES = 900;
const FIELDS = ["time", "open", "high", "low", "close", "volume", "ticks", "ma10", "ma20", "volatility"];
export const WIDTH = 2; // the band is so many standard deviations wide on each side

export class PriceChart {
  #candles = new Map();
  #flashing = new Map();
  #shown = { candles: true, averages: true, band: true, alerts: true };
  #marks = [];
  #interval = 1000;
  markCount = 0;
  onhover = () => {};

  constructor(container) {
    this.chart = createChart(container, { autoSize: true, layout: { attributionLogo: false } });
    this.band = this.chart.addCustomSeries(new Band(), {});
    this.volume = this.chart.addSeries(HistogramSeries, { priceScaleId: "volume", priceFormat: { type: "volume" }, lastValueVisible: false, priceLineVisible: false });
    this.volume.priceScale().applyOptions({ scaleMargins: { top: 0.86, bottom: 0 } });
    this.ma20 = this.chart.addSeries(LineSeries, THIN);
    this.ma10 = this.chart.addSeries(LineSeries, THIN);
    this.line = this.chart.addSeries(LineSeries, { visible: false, lineWidth: 2 });
    this.main = this.chart.addSeries(CandlestickSeries, {});
    this.markers = createSeriesMarkers(this.main, []);
    this.lineMarkers = createSeriesMarkers(this.line, []);
    this.chart.subscribeCrosshairMove(({ time }) => this.onhover(this.#candles.get(time) ?? this.newest));
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.paint());
    this.paint();
  }

  remove() {
    this.#drawn.clear();
    this.chart.remove();
  }

  get newest() {
    return [...this.#candles.values()].at(-1);
  }

  get all() {
    return [...this.#candles.values()];
  }

  // Take an update of the server: only what changed is drawn anew.
  put({ reset, interval_ms: interval, candles, gone, late }) {
    if (reset) this.#candles.clear();
    this.#interval = interval;
    const changed = candles.map(read);
    for (const candle of changed) this.#candles.set(candle.time, candle);
    for (const time of gone) this.#candles.delete(time);
    for (const time of late) this.#flash(time);
    const unordered = changed.some((each) => each.time < this.#lastDrawn && !this.#drawn.has(each.time));
    const tooMany = this.#candles.size > MOST_CANDLES;
    if (unordered || tooMany) this.#sort();
    if (reset || unordered || tooMany || gone.length || changed.length > MANY) this.draw(reset);
    else for (const candle of changed) this.#update(candle);
    this.onhover(this.newest);
  }

  show(what, visible) {
    this.#shown[what] = visible;
    this.paint();
    this.#mark();
  }

  mark(marks) {
    this.#marks = marks;
    this.#mark();
  }

  draw(fit) {
    const every = this.all;
    this.#drawn = new Set(this.#candles.keys());
    this.#lastDrawn = every.at(-1)?.time ?? 0;
    const digits = decimals(every.at(-1)?.close ?? 1);
    const priceFormat = { type: "custom", minMove: 10 ** -digits, formatter: (price) => amount(price, digits) };
    for (const series of [this.main, this.line, this.ma10, this.ma20]) series.applyOptions({ priceFormat });
    for (const [series, point] of this.#points) series.setData(every.map((candle) => point(candle)));
    if (fit) this.chart.timeScale().fitContent();
    this.#mark();
  }

  paint() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => resolve(style, `--${name}`);
    const { candles, averages, band } = this.#shown;
    this.accent = colour("accent");
    this.chart.applyOptions({
      layout: { background: { type: ColorType.Solid, color: colour("surface") }, textColor: colour("muted"),
        fontFamily: style.fontFamily, fontSize: 11 },
      grid: { vertLines: { color: fade(colour("line"), 0.5) }, horzLines: { color: fade(colour("line"), 0.5) } },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderColor: colour("line") },
      localization: { timeFormatter: (time) => `${date(time * 1000)} ${clock(time * 1000)} UTC` },
      timeScale: { borderColor: colour("line"), timeVisible: true, secondsVisible: this.#interval < 60_000, rightOffset: 4 },
    });
    this.main.applyOptions({ visible: candles, upColor: colour("rise"), downColor: colour("fall"),
      wickUpColor: colour("rise"), wickDownColor: colour("fall"), borderVisible: false });
    this.line.applyOptions({ visible: !candles, color: colour("text") });
    this.ma10.applyOptions({ visible: averages, color: colour("accent") });
    this.ma20.applyOptions({ visible: averages, color: colour("warn") });
    this.band.applyOptions({ visible: band, color: fade(colour("muted"), 0.16) });
    this.volume.applyOptions({ color: fade(colour("muted"), 0.25) });
    this.colours = { HIGH: colour("fall"), LOW: colour("rise"), DOWN: colour("rise"), UP: colour("fall") };
  }

  #drawn = new Set();
  #lastDrawn = 0;

  get #points() {
    return [
      [this.main, (c) => ({ time: c.time, open: c.open, high: c.high, low: c.low, close: c.close, ...this.#flashColour(c.time) })],
      [this.line, (c) => ({ time: c.time, value: c.close })],
      [this.volume, (c) => ({ time: c.time, value: c.volume })],
      [this.ma10, (c) => optional(c.time, c.ma10)],
      [this.ma20, (c) => optional(c.time, c.ma20)],
      [this.band, (c) => bandOf(c)],
    ];
  }

  #update(candle) {
    const historical = candle.time < this.#lastDrawn;
    this.#drawn.add(candle.time);
    this.#lastDrawn = Math.max(this.#lastDrawn, candle.time);
    for (const [series, point] of this.#points) series.update(point(candle), historical);
  }

  #flash(time) {
    this.#flashing.set(time, Date.now() + FLASH_MS);
    setTimeout(() => {
      this.#flashing.delete(time);
      const candle = this.#candles.get(time);
      if (candle && this.#drawn.has(time)) this.#update(candle);
    }, FLASH_MS);
  }

  #flashColour(time) {
    return this.#flashing.has(time) ? { color: this.accent, wickColor: this.accent } : {};
  }

  #sort() {
    const every = this.all.sort((a, b) => a.time - b.time).slice(-MOST_CANDLES);
    this.#candles = new Map(every.map((candle) => [candle.time, candle]));
  }

  // One marker for each candle and kind: their texts would cover the candles.
  #mark() {
    const groups = new Map();
    for (const { time_ms: ms, alert_type: type } of this.#shown.alerts ? this.#marks : []) {
      const time = Math.floor(ms / this.#interval) * (this.#interval / 1000);
      if (!this.#candles.has(time)) continue;
      const key = `${time} ${type}`;
      groups.set(key, { time, type, alerts: (groups.get(key)?.alerts ?? 0) + 1 });
    }
    const labelled = groups.size <= 12;
    const made = [...groups.values()].sort((a, b) => a.time - b.time).map(({ time, type, alerts }) => {
      const above = type === "HIGH" || type === "UP";
      return { time, position: above ? "aboveBar" : "belowBar", shape: above ? "arrowDown" : "arrowUp",
        color: this.colours[type] ?? this.accent, size: labelled ? 1 : 0.6,
        text: labelled ? (alerts > 1 ? `${type} ×${alerts}` : type) : "" };
    });
    this.markers.setMarkers(made);
    this.lineMarkers.setMarkers(made);
    this.markCount = made.length;
  }
}

const THIN = { lineWidth: 1, lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false };

function read(values) {
  return Object.fromEntries(FIELDS.map((field, i) => [field, values[i]]));
}

function optional(time, value) {
  return value === null ? { time } : { time, value };
}

function bandOf({ time, ma20, volatility }) {
  if (ma20 === null || volatility === null) return { time };
  return { time, middle: ma20, low: ma20 - WIDTH * volatility, high: ma20 + WIDTH * volatility };
}

// The chart draws on a canvas, which knows no variables and no light-dark().
function resolve(style, name) {
  const probe = document.createElement("i");
  probe.style.color = style.getPropertyValue(name);
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function fade(colour, opacity) {
  const [r, g, b] = colour.match(/[\d.]+/g);
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}
