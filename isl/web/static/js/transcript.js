// The transcript: all sentences of both persons, with their times, to read, copy or save. It is kept only in this page.

import { byId, make } from "./dom.js";
import { language, onLanguage, text } from "./texts.js";

const SHOWN = 4; // seconds of a WebVTT cue that has no end of its own

const clock = (seconds) => {
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${(seconds % 60).toFixed(3).padStart(6, "0")}`;
};

const escaped = (line) => line.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export function download(name, content, type = "text/plain") {
  const address = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export class Transcript {
  constructor(said, reply) {
    this.lines = [];
    said.addEventListener("sentence", ({ detail }) => this.add("signer", detail, said.words.map(({ word }) => word).join(" · ")));
    reply.addEventListener("reply", ({ detail }) => this.add("other", detail));
    byId("copy").addEventListener("click", () => this.copy());
    byId("save-text").addEventListener("click", () => download("conversation.txt", this.text));
    byId("save-vtt").addEventListener("click", () => download("conversation.vtt", this.vtt, "text/vtt"));
    onLanguage(() => this.show());
    this.show();
  }

  add(who, said, glosses = "") {
    this.lines.push({ who, said, glosses, time: Date.now() });
    this.show();
  }

  show() {
    const at = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit" });
    byId("transcript").replaceChildren(...this.lines.map(({ who, said, glosses, time }) =>
      make("li", {}, make("small", {}, [at.format(time), text(who), glosses].filter(Boolean).join(" · ")), said)));
    byId("transcript-part").hidden = !this.lines.length;
  }

  get text() {
    return this.lines.map(({ who, said, glosses }) => `${text(who)}: ${said}${glosses ? ` (${glosses})` : ""}\n`).join("");
  }

  get vtt() {
    const begin = this.lines[0]?.time ?? 0;
    const cues = this.lines.map(({ who, said, time }) => {
      const seconds = (time - begin) / 1000;
      return `\n${clock(seconds)} --> ${clock(seconds + SHOWN)}\n<v ${text(who)}>${escaped(said)}\n`;
    });
    return `WEBVTT\n${cues.join("")}`;
  }

  async copy() {
    await navigator.clipboard.writeText(this.text);
    byId("copy").textContent = text("copied");
    setTimeout(() => (byId("copy").textContent = text("copy")), 2000);
  }
}
