// Sends a video that is dropped on the page. Shows its words with their times over the video, and offers them as files.

import { byId, make } from "./dom.js";
import { onLanguage, text } from "./texts.js";
import { download } from "./transcript.js";

const percent = (share) => `${Math.round(100 * share)} %`;
const TYPES = { json: "application/json", csv: "text/csv", vtt: "text/vtt" };

// Yields the lines of a streamed answer as they arrive.
async function* lines(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part);
  }
}

export class Files {
  constructor() {
    this.video = byId("file-video");
    const drop = byId("drop");
    byId("file").addEventListener("change", ({ target }) => this.open(target.files[0]));
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      this.open(event.dataTransfer.files[0]);
    });
    this.words = [];
    onLanguage(() => this.show());
  }

  async open(file) {
    if (!file) return;
    this.cancel?.abort();
    this.cancel = new AbortController();
    URL.revokeObjectURL(this.video.src);
    this.video.src = URL.createObjectURL(file);
    byId("file-answer").hidden = false;
    [this.words, this.sentences, this.whole, this.files, this.time, this.problem, this.working] = [[], [], [], {}, 0, "", true];
    this.show();
    try {
      const address = `/files?name=${encodeURIComponent(file.name)}`;
      const response = await fetch(address, { method: "POST", body: file, signal: this.cancel.signal });
      if (!response.ok) throw new Error((await response.json()).reason);
      for await (const message of lines(response)) this.hear(message);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.problem = error.message;
    }
    this.working = false;
    this.show();
  }

  hear(message) {
    if (message.type === "event" && message.event === "word") this.words.push(message);
    if (message.type === "event" && message.event === "sentence") this.sentences.push(message.sentence);
    if (message.type === "progress") this.time = message.time;
    if (message.type === "error") this.problem = message.reason;
    if (message.type === "done") [this.time, this.whole, this.files] = [message.time, message.whole, message.files];
    this.show();
  }

  show() {
    if (byId("file-answer").hidden) return;
    const length = Math.max(this.video.duration || 0, this.time, 0.1);
    byId("file-state").textContent = this.problem
      ? text("file_problem", { reason: this.problem })
      : this.working
        ? text("file_working", { time: this.time.toFixed(1) })
        : text("file_done", { count: this.words.length });
    byId("timeline").replaceChildren(...this.words.map((word) => this.mark(word, length)));
    byId("file-words").replaceChildren(...this.words.map((word) => this.line(word)), ...this.wholeLine());
    byId("file-sentence").textContent = (this.sentences ?? []).join(" ");
    byId("file-downloads").replaceChildren(...Object.entries(this.files).map(([name, content]) =>
      make("button", { class: "plain", onclick: () => download(name, content, TYPES[name.split(".").pop()]) }, name)));
  }

  mark({ word, start, end }, length) {
    const mark = make("button", { class: "mark-word", title: word, onclick: () => this.seek(start) }, word);
    mark.style.left = `${(100 * start) / length}%`;
    mark.style.width = `${(100 * (end - start)) / length}%`;
    return mark;
  }

  line({ word, start, end, top5 }) {
    const others = top5.map(([name, share]) => `${name} ${percent(share)}`).join(", ");
    const times = `${start.toFixed(1)} – ${end.toFixed(1)} s`;
    return make("li", {}, make("button", { class: "gloss", onclick: () => this.seek(start) }, word), ` ${times} `, make("small", {}, others));
  }

  wholeLine() {
    if (!this.whole?.length) return [];
    const words = this.whole.map(([word, share]) => `${word} ${percent(share)}`).join(", ");
    return [make("li", {}, make("small", {}, text("file_whole", { words })))];
  }

  seek(time) {
    this.video.currentTime = time;
    this.video.play();
  }
}
