// A filled band between two values of each candle, as a series of lightweight-charts.

export class Band {
  #data = null;
  #options = null;

  renderer() {
    return { draw: (target, toY) => target.useBitmapCoordinateSpace((scope) => this.#draw(scope, toY)) };
  }

  update(data, options) {
    this.#data = data;
    this.#options = options;
  }

  priceValueBuilder(point) {
    return [point.low, point.high, point.middle];
  }

  isWhitespace(point) {
    return point.low === undefined;
  }

  defaultOptions() {
    return { color: "#8888", lastValueVisible: false, priceLineVisible: false };
  }

  #draw({ context, horizontalPixelRatio: h, verticalPixelRatio: v }, toY) {
    const { bars, visibleRange } = this.#data ?? {};
    if (!visibleRange) return;
    const shown = bars.slice(visibleRange.from, visibleRange.to).filter((bar) => !this.isWhitespace(bar.originalData));
    if (!shown.length) return;
    const path = new Path2D();
    for (const bar of shown) path.lineTo(bar.x * h, toY(bar.originalData.high) * v);
    for (const bar of shown.toReversed()) path.lineTo(bar.x * h, toY(bar.originalData.low) * v);
    path.closePath();
    context.fillStyle = this.#options.color;
    context.fill(path);
  }
}
