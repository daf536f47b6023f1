// The vocabulary of the network. If words are pressed, only these are recognised, such as the answers to a question.

import { byId } from "./dom.js";
import { language, onLanguage, text } from "./texts.js";
import { Tiles } from "./tiles.js";

export class Vocabulary {
  constructor(connection) {
    [this.words, this.hindi, this.signed] = [[], {}, {}];
    this.tiles = new Tiles(byId("vocabulary"));
    const tell = () => connection.ask("vocabulary", { words: [...this.tiles.pressed] });
    this.tiles.addEventListener("change", tell);
    connection.addEventListener("hello", ({ detail }) => {
      [this.words, this.hindi, this.signed] = [detail.words, detail.hindi, detail.signed];
      for (const word of this.tiles.pressed) if (!this.words.includes(word)) this.tiles.pressed.delete(word);
      if (this.tiles.pressed.size) tell();
      this.show();
    });
    onLanguage(() => this.show());
  }

  show() {
    byId("vocabulary").parentElement.querySelector("summary").textContent = text("vocabulary_title", { count: this.words.length });
    this.tiles.show(this.words.map((word) => [word, language() === "hi" && this.hindi[word] ? `${word} · ${this.hindi[word]}` : word, this.signed[word]]));
    byId("vocabulary").classList.toggle("described", this.words.some((word) => this.signed[word]));
  }
}
