// Symptoms that the user picks instead of signing. They become part of the sentence.

import { byId } from "./dom.js";
import { onLanguage, text } from "./texts.js";
import { Tiles } from "./tiles.js";

const SYMPTOMS = ["headache", "backpain", "neck pain", "stomach ache", "running nose", "sick", "tired", "dizziness", "dry mouth"];

export class Symptoms {
  constructor(connection) {
    this.tiles = new Tiles(byId("symptoms"));
    const tell = () => connection.ask("context", { symptoms: [...this.tiles.pressed] });
    this.tiles.addEventListener("change", tell);
    connection.addEventListener("hello", () => this.tiles.pressed.size && tell());
    onLanguage(() => this.show());
    this.show();
  }

  show() {
    this.tiles.show(SYMPTOMS.map((symptom) => [symptom, text(`symptom_${symptom.replace(" ", "_")}`)]));
  }

  clear() {
    if (this.tiles.pressed.size) this.tiles.clear();
  }
}
