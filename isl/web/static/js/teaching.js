// Teaches the network the recorded words, and shows how far it is.

import { byId } from "./dom.js";
import { onLanguage, text } from "./texts.js";

const FEWEST = 2; // clips of a word: one to learn from, one to test
const percent = (share) => `${Math.round(100 * share)} %`;

export class Teaching {
  constructor(connection) {
    [this.counts, this.progress, this.possible] = [{}, { state: "idle" }, true];
    byId("teach-start").addEventListener("click", () => connection.ask("teach"));
    connection.addEventListener("hello", ({ detail }) => {
      this.possible = detail.teach;
      this.show();
    });
    connection.addEventListener("recorded", ({ detail }) => {
      this.counts = detail.counts;
      this.show();
    });
    connection.addEventListener("teaching", ({ detail }) => {
      this.progress = detail;
      this.show();
    });
    onLanguage(() => this.show());
  }

  show() {
    const words = Object.entries(this.counts).map(([word, count]) => `${word} ${count}`).join(", ");
    byId("recorded").textContent = words ? text("recorded", { words }) : text("recorded_none");
    const busy = ["running", "loading"].includes(this.progress.state);
    byId("teach-start").disabled = busy || !this.possible || !Object.values(this.counts).some((count) => count >= FEWEST);
    byId("teach-progress").hidden = !busy;
    byId("teach-progress").max = this.progress.of || 1;
    byId("teach-progress").value = this.progress.epoch || 0;
    byId("teach-state").textContent = this.possible ? this.line() : text("teach_impossible");
  }

  line() {
    const { state, epoch, of, words = [], before, now, tested, reason } = this.progress;
    if (state === "running" && epoch) return text("teach_running", { share: percent(epoch / of) });
    if (state === "running") return text("teach_reading");
    if (state === "loading") return text("teach_loading");
    if (state === "failed") return text("teach_failed", { reason });
    if (state !== "done") return "";
    const scores = { tested, before: percent(before), now: percent(now) };
    return words.length ? text("teach_done", { words: words.join(", "), ...scores }) : text("teach_done_no_new", scores);
  }
}
