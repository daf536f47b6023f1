// The words that were signed, as buttons, and their sentence.

import { byId, make } from "./dom.js";
import { onLanguage, text } from "./texts.js";

const percent = (share) => `${Math.round(100 * share)} %`;

export class Said extends EventTarget {
  constructor() {
    super();
    this.glosses = byId("glosses");
    this.sentence = byId("sentence");
    this.note = byId("note");
    this.words = [];
    this.unknown = null; // the last sign, where it was none of the words
    this.conversation = { sentence: "", writing: false, note: "" };
    onLanguage(() => this.show());
  }

  update(conversation) {
    this.conversation = conversation;
    this.words = conversation.words;
    this.show();
  }

  setUnknown(facts) {
    this.unknown = facts;
    this.show();
  }

  show() {
    const items = this.words.map((word, index) => this.item(word, index));
    if (this.unknown) items.push(make("li", {}, make("span", { class: "gloss unknown" }, text("unknown"))));
    this.glosses.replaceChildren(...items);
    const { sentence, writing, note } = this.conversation;
    this.sentence.classList.toggle("waiting", !sentence);
    this.sentence.textContent = sentence || text(writing ? "writing" : "sentence_waiting");
    this.note.textContent = note;
  }

  item(facts, index) {
    const button = make("button", { class: "gloss", onclick: () => this.tapped(index, button) }, facts.word);
    if (!facts.corrected) button.append(make("small", {}, percent(facts.confidence)));
    return make("li", {}, button);
  }

  tapped(index, button) {
    this.dispatchEvent(new CustomEvent("tapped", { detail: { index, facts: this.words[index], button } }));
  }
}
