// The socket to the server. It comes back by itself; what is said on the page stays meanwhile.

const FIRST = 300; // ms until the first new try
const LONGEST = 2000; // ms between two tries
const REFUSED = 1008; // the server's own code for a message that it does not take

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

  // Frames that the network can't take are not kept: they would only be late.
  sendFrame(bytes) {
    if (!this.up || this.socket.bufferedAmount > 300_000) return false;
    this.socket.send(bytes);
    return true;
  }
}
