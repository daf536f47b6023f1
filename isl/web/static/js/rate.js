// Counts the pictures per second that are processed, from the answers of the last seconds.

const SECONDS = 4;

export class Rate {
  start() {
    this.began = performance.now();
    this.times = [];
  }

  count() {
    this.times?.push(performance.now());
  }

  get value() {
    const now = performance.now();
    this.times = this.times.filter((time) => time > now - 1000 * SECONDS);
    return this.times.length / SECONDS;
  }

  get known() {
    return performance.now() - this.began > 2000 * SECONDS;
  }
}
