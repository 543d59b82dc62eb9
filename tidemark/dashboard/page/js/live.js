// The connection to the server: one stream of events, reopened until it is back.

const SILENCE_MS = 8000;
const RETRY_MS = 1500;

export class Live extends EventTarget {
  #source = null;
  #heard = 0;
  #retry = null;
  #symbol = "";
  #range = "1h";
  state = "connecting";

  constructor() {
    super();
    setInterval(() => this.#check(), 1000);
    // A tab that was frozen or a machine that slept may hold a dead connection.
    document.addEventListener("visibilitychange", () => this.#check());
    addEventListener("online", () => this.#open());
    addEventListener("offline", () => this.#lose());
  }

  watch(symbol, range) {
    this.#symbol = symbol;
    this.#range = range;
    this.#open();
  }

  #open() {
    clearTimeout(this.#retry);
    this.#retry = null;
    this.#source?.close();
    const query = new URLSearchParams({ symbol: this.#symbol, range: this.#range });
    const source = new EventSource(`/live?${query}`);
    this.#source = source;
    this.#heard = Date.now();
    source.onerror = () => { if (source === this.#source) this.#lose(); };
    for (const name of ["beat", "board", "prices", "alerts", "trouble"]) {
      source.addEventListener(name, (event) => {
        if (source !== this.#source) return;
        this.#heard = Date.now();
        this.#become("live");
        this.dispatchEvent(new CustomEvent(name, { detail: JSON.parse(event.data) }));
      });
    }
  }

  #lose() {
    this.#source?.close();
    this.#become("lost");
    this.#retry ??= setTimeout(() => this.#open(), RETRY_MS);
  }

  #check() {
    if (Date.now() - this.#heard > SILENCE_MS) this.#lose();
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
