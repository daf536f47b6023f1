// Shows the signed words as buttons, and their sentence.

import { byId, make } from "./dom.js";
import { language, onLanguage, text } from "./texts.js";

const percent = (share) => `${Math.round(100 * share)} %`;

export class Said extends EventTarget {
  constructor(connection) {
    super();
    this.connection = connection;
    this.glosses = byId("glosses");
    this.sentence = byId("sentence");
    this.note = byId("note");
    this.words = [];
    this.hindi = {};
    this.unknown = null; // the last sign, if it was none of the words
    this.conversation = { sentence: "", writing: false, note: "" };
    byId("clear").addEventListener("click", () => this.clear());
    byId("write").addEventListener("click", () => connection.ask("say"));
    connection.addEventListener("hello", ({ detail }) => {
      this.hindi = detail.hindi;
      this.restore();
    });
    connection.addEventListener("conversation", ({ detail }) => this.update(detail));
    connection.addEventListener("event", ({ detail }) => this.happened(detail));
    onLanguage(() => this.show());
    this.show();
  }

  update(conversation) {
    this.conversation = conversation;
    this.words = conversation.words;
    this.show();
  }

  happened(event) {
    if (event.event === "unsure") this.unknown = event;
    else if (event.event === "word") this.unknown = null;
    else if (event.event === "sentence") this.dispatchEvent(new CustomEvent("sentence", { detail: event.sentence }));
    else return;
    this.show();
  }

  forgetUnknown() {
    this.unknown = null;
    this.show();
  }

  clear() {
    this.unknown = null;
    this.dispatchEvent(new Event("cleared"));
    this.connection.ask("clear");
    this.show();
  }

  // After a new connection, sends the words that are in no sentence yet, because the server has lost them.
  restore() {
    if (this.words.length && !this.conversation.sentence) this.connection.ask("restore", { words: this.words.map(({ word }) => word) });
  }

  show() {
    const items = this.words.map((word, index) => this.item(word, index));
    if (this.unknown) items.push(make("li", {}, make("button", { class: "gloss unknown", onclick: () => this.tap(null, this.unknown) }, text("unknown"))));
    this.glosses.replaceChildren(...items);
    const { sentence, writing, note } = this.conversation;
    this.sentence.classList.toggle("waiting", !sentence);
    this.sentence.textContent = sentence || text(writing ? "writing" : "sentence_waiting");
    this.note.textContent = note;
    this.dispatchEvent(new Event("shown"));
  }

  item(facts, index) {
    const button = make("button", { class: "gloss", onclick: () => this.tap(index, facts) }, facts.word);
    const name = language() === "hi" && this.hindi[facts.word];
    if (name) button.append(" ", make("small", {}, name));
    if (!facts.corrected) button.append(" ", make("small", {}, percent(facts.confidence)));
    return make("li", {}, button);
  }

  tap(index, facts) {
    this.dispatchEvent(new CustomEvent("tapped", { detail: { index, facts } }));
  }
}
