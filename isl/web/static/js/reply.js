// The other person's answer in large letters. It is typed, or spoken if this device itself turns speech into text.

import { byId } from "./dom.js";
import { language } from "./texts.js";

export class Reply extends EventTarget {
  constructor() {
    super();
    this.field = byId("reply-text");
    byId("reply").addEventListener("submit", (event) => {
      event.preventDefault();
      this.show();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        this.show();
      }
    });
    byId("large-close").addEventListener("click", () => byId("large").close());
    this.offerDictation();
  }

  show() {
    const reply = this.field.value.trim();
    if (!reply) return;
    byId("large-text").textContent = reply;
    byId("large").showModal();
    this.field.value = "";
    this.dispatchEvent(new CustomEvent("reply", { detail: reply }));
  }

  // Most browsers send recorded speech to a company, so only recognition on the device itself is used.
  async offerDictation() {
    const Recognition = window.SpeechRecognition;
    if (!Recognition?.available) return;
    const available = await Recognition.available({ langs: [language()], processLocally: true }).catch(() => "unavailable");
    if (available !== "available") return;
    byId("dictate").hidden = false;
    byId("dictate").addEventListener("click", () => {
      const recognition = new Recognition();
      recognition.processLocally = true;
      recognition.lang = language();
      recognition.onresult = ({ results }) => (this.field.value = [...results].map(([best]) => best.transcript).join(" "));
      recognition.start();
    });
  }
}
