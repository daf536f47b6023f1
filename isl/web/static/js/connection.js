// The socket to the server. After a loss it connects again by itself; the words on the page stay meanwhile.

const FIRST = 300; // ms until the first retry
const LONGEST = 2000; // ms between two retries
const REFUSED = 1008; // the server's close code for a refused message

export class Connection extends EventTarget {
  constructor() {
    super();
    this.up = false;
    this.wait = FIRST;
    this.open();
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/ws`);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("message", ({ data }) => this.receive(JSON.parse(data)));
    this.socket.addEventListener("close", ({ code, reason }) => this.lost(code, reason));
  }

  receive(message) {
    if (message.type === "hello") {
      this.up = true;
      this.wait = FIRST;
    }
    this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
  }

  lost(code, reason) {
    this.up = false;
    this.dispatchEvent(new CustomEvent("lost", { detail: { refused: code === REFUSED, reason } }));
    if (this.closed) return;
    setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(2 * this.wait, LONGEST);
  }

  close() {
    this.closed = true;
    this.socket.close();
  }

  ask(type, fields = {}) {
    if (this.up) this.socket.send(JSON.stringify({ type, ...fields }));
  }

  // Frames that can't be sent now are dropped, because they would arrive too late.
  sendFrame(bytes) {
    if (!this.up || this.socket.bufferedAmount > 300_000) return false;
    this.socket.send(bytes);
    return true;
  }
}
