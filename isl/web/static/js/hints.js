// Reasons why signs may not be recognised, from the server or from the page. Each is shown while it lasts.

const STAYS = 3000; // ms after a reason was last seen
const DARK = 45; // of 255: in a picture with a lower mean, hands can't be recognised
const SLOW = 3; // pictures a second: at a lower rate, signs are missed
const ORDER = ["background", "dark", "two_people", "too_small", "slow"];

export class Hints {
  constructor(notices) {
    this.notices = notices;
    this.seen = {};
    this.canvas = document.createElement("canvas");
    [this.canvas.width, this.canvas.height] = [32, 24];
  }

  tell(name) {
    this.seen[name] = performance.now();
  }

  look(video) {
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, 32, 24);
    const { data } = context.getImageData(0, 0, 32, 24);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
    if (sum / (data.length / 4) / 3 < DARK) this.tell("dark");
  }

  checkRate(rate) {
    if (rate < SLOW) this.tell("slow");
  }

  show() {
    const now = performance.now();
    const name = ORDER.find((candidate) => now - (this.seen[candidate] ?? -Infinity) < STAYS);
    this.notices.set("hint", name ? `hint_${name}` : null);
  }

  clear() {
    this.seen = {};
    this.show();
  }
}
