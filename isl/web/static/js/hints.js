// Reasons why signs may not be understood, each shown while it lasts: told by the server, or seen by the page.

const STAYS = 3000; // ms after a reason was last seen
const DARK = 45; // of 255, the mean of a picture in which hands can't be told
const SLOW = 3; // pictures a second: below, signs begin to be missed
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
