// Records takes of a sign: a name, consent, a countdown, and each take as a moving skeleton to keep or to throw away.

import { byId, make } from "./dom.js";
import { isName } from "./names.js";
import { drawSkeleton } from "./skeleton.js";
import { onLanguage, text } from "./texts.js";

const AT_ONCE = 4; // takes after one press of the button
const MOST = 12; // takes that the server holds
const STEP = 67; // ms between two pictures of the skeletons
const KEPT = "isl.signer";

export class Recorder {
  // `startCamera` is called before the first take; it returns true if the camera is on.
  constructor(connection, startCamera) {
    [this.connection, this.startCamera] = [connection, startCamera];
    [this.takes, this.left, this.words, this.state] = [[], 0, [], ["", {}]];
    this.word = byId("record-word");
    this.signer = byId("record-signer");
    this.signer.value = localStorage.getItem(KEPT) ?? "";
    this.consent = byId("record-consent");
    this.consent.addEventListener("change", () => this.agree());
    this.signer.addEventListener("change", () => this.consent.checked && this.agree());
    for (const field of [this.word, this.signer]) field.addEventListener("input", () => this.show());
    byId("record").addEventListener("click", () => this.start());
    byId("record-stop").addEventListener("click", () => this.stop());
    byId("record-keep").addEventListener("click", () => this.keep());
    connection.addEventListener("hello", ({ detail }) => this.welcome(detail));
    connection.addEventListener("lost", () => this.lost());
    connection.addEventListener("take", ({ detail }) => this.finished(detail));
    connection.addEventListener("status", ({ detail }) => this.count(detail.take));
    connection.addEventListener("recorded", ({ detail }) => detail.saved && this.say("record_kept", { count: detail.saved }));
    onLanguage(() => this.show());
    setInterval(() => this.draw(), STEP);
  }

  welcome({ record, words }) {
    byId("teach").hidden = !record;
    byId("record-words").replaceChildren(...words.map((word) => new Option(word)));
    if (record && this.consent.checked) this.agree();
    this.show();
  }

  // Tells the server who agrees to be recorded, or that nobody does any more.
  agree() {
    const signer = this.signer.value.trim();
    if (this.consent.checked && !isName(signer)) {
      this.consent.checked = false;
      this.say("record_needs_signer");
      return;
    }
    localStorage.setItem(KEPT, signer);
    this.connection.ask("consent", { signer: this.consent.checked ? signer : "" });
    if (!this.consent.checked) {
      this.stop();
      this.takes = [];
    }
    this.say("");
  }

  async start() {
    if (!(await this.startCamera()) || !this.connection.up) return;
    this.current = this.word.value.trim(); // the field may change during the takes
    byId("stage").scrollIntoView({ block: "center" });
    this.left = AT_ONCE;
    this.next();
  }

  next() {
    if (this.left > 0 && this.takes.length < MOST) {
      this.connection.ask("record", { word: this.current });
    } else {
      this.left = 0;
      byId("teach").open = true;
      byId("takes").scrollIntoView({ block: "nearest" });
    }
    this.show();
  }

  stop() {
    if (!this.left) return;
    this.left = 0;
    this.connection.ask("cancel");
    this.count(null);
    this.show();
  }

  // Shows the countdown over the camera's picture.
  count(take) {
    const count = byId("count");
    count.hidden = !take || !this.left;
    byId("stage").classList.toggle("recording", Boolean(take?.signing));
    if (take) count.textContent = take.signing ? text("record_now") : take.left || "";
    count.classList.toggle("signing", Boolean(take?.signing));
  }

  finished({ problem, ...take }) {
    this.count(null);
    this.left = Math.max(0, this.left - 1);
    if (!problem) this.takes.push(take);
    this.say(problem ? `record_${problem}` : "");
    this.next();
  }

  keep() {
    this.connection.ask("keep");
    this.takes = [];
    this.show();
  }

  discard(number) {
    this.connection.ask("discard", { take: number });
    this.takes = this.takes.filter(({ take }) => take !== number);
    this.show();
  }

  lost() {
    if (this.takes.length || this.left) this.state = ["record_lost", {}];
    [this.takes, this.left] = [[], 0];
    this.count(null);
    this.show();
  }

  say(key, values = {}) {
    this.state = [key, values];
    this.show();
  }

  show() {
    const [key, values] = this.state;
    const ready = isName(this.word.value.trim()) && this.consent.checked && !this.left && this.takes.length < MOST;
    byId("record").disabled = !ready;
    byId("record").textContent = text("record", { count: AT_ONCE });
    byId("record-stop").hidden = !this.left;
    byId("record-state").textContent = key ? text(key, values) : "";
    byId("record-keep").hidden = !this.takes.length;
    byId("record-keep").textContent = text("record_keep", { count: this.takes.length });
    byId("takes").replaceChildren(...this.takes.map((take) => this.item(take)));
    this.draw();
  }

  item({ take, word }) {
    const label = text("record_take", { word });
    const canvas = make("canvas", { role: "img", "aria-label": label, "data-take": take });
    const button = make("button", { class: "plain", onclick: () => this.discard(take) }, text("record_discard"));
    return make("li", {}, canvas, make("p", { class: "quiet" }, word), button);
  }

  draw() {
    const step = Math.floor(performance.now() / STEP);
    for (const canvas of byId("takes").querySelectorAll("canvas")) {
      const { frames, size: [width, height] } = this.takes.find(({ take }) => take === Number(canvas.dataset.take));
      drawSkeleton(canvas, frames[step % frames.length], 320, Math.round((320 * height) / width), getComputedStyle(canvas).color);
    }
  }
}
