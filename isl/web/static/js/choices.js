// The dialog after a tap on a word: replace it, with the likeliest words first, or remove it. After a tap on an unknown
// sign, the user chooses its word.

import { byId, make } from "./dom.js";
import { isName } from "./names.js";
import { text } from "./texts.js";

const OTHERS = 4;
const ANYBODY = "visitor"; // the signer of a saved correction, if no name was given

export class Choices {
  constructor(connection, said, vocabulary) {
    this.connection = connection;
    this.vocabulary = vocabulary;
    this.dialog = byId("choices");
    byId("choices-close").addEventListener("click", () => this.dialog.close());
    byId("choices-remove").addEventListener("click", () => this.remove());
    this.save = byId("choices-saved");
    connection.addEventListener("hello", ({ detail }) => {
      byId("choices-save").hidden = !detail.record;
      this.save.checked &&= detail.record;
    });
    said.addEventListener("tapped", ({ detail }) => this.open(detail, said));
  }

  // `index` of a word in the conversation; null for an unknown sign.
  open({ index, facts }, said) {
    [this.index, this.said] = [index, said];
    const unknown = index === null;
    byId("choices-title").textContent = unknown ? text("which_word") : text("instead_of", { word: facts.word });
    const likely = facts.top5.map(([word]) => word).filter((word) => unknown || word !== facts.word).slice(0, OTHERS);
    const buttons = likely.map((word) => make("li", {}, make("button", { onclick: () => this.choose(word) }, word)));
    const select = make("select", { "aria-label": text("all_words"), onchange: () => this.choose(select.value) });
    select.append(new Option(text("all_words"), ""), ...this.vocabulary.words.map((word) => new Option(word, word)));
    byId("choices-list").replaceChildren(...buttons, make("li", {}, select));
    this.dialog.showModal();
  }

  choose(word) {
    if (!word) return;
    const save = this.save.checked;
    const signer = byId("record-signer").value.trim();
    if (save) this.connection.ask("consent", { signer: isName(signer) ? signer : ANYBODY });
    if (this.index === null) {
      this.said.forgetUnknown();
      this.connection.ask("add", { word, save });
    } else {
      this.connection.ask("choose", { index: this.index, word, save });
    }
    this.dialog.close();
  }

  remove() {
    if (this.index === null) this.said.forgetUnknown();
    else this.connection.ask("remove", { index: this.index });
    this.dialog.close();
  }
}
