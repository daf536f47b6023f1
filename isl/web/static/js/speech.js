// Speaks sentences with the device's own voices, because other voices would send the sentence to a company.

import { byId } from "./dom.js";
import { language } from "./texts.js";

export class Speech {
  constructor(said) {
    this.said = said;
    this.synthesis = window.speechSynthesis;
    this.voices = [];
    byId("speak").addEventListener("click", () => this.say(said.conversation.sentence));
    said.addEventListener("sentence", ({ detail }) => {
      if (byId("speak-always").checked) this.say(detail);
    });
    said.addEventListener("shown", () => (byId("speak").disabled = !said.conversation.sentence));
    this.synthesis?.addEventListener?.("voiceschanged", () => this.show());
    this.show();
  }

  show() {
    this.voices = (this.synthesis?.getVoices() ?? []).filter((voice) => voice.localService);
    byId("no-voice").hidden = this.voices.length > 0;
    const kept = byId("voice").value;
    byId("voice").replaceChildren(...this.voices.map((voice, i) => new Option(`${voice.name} (${voice.lang})`, i)));
    // The sentences are in English: an Indian English voice is preferred
    const wanted = ["en-IN", "en", language()];
    const best = wanted.map((code) => this.voices.findIndex((voice) => voice.lang.startsWith(code))).find((i) => i >= 0);
    byId("voice").value = kept || String(best ?? 0);
  }

  say(sentence) {
    if (!sentence || !this.synthesis) return;
    const utterance = new SpeechSynthesisUtterance(sentence);
    const voice = this.voices[Number(byId("voice").value)];
    if (voice) [utterance.voice, utterance.lang] = [voice, voice.lang];
    this.synthesis.cancel();
    this.synthesis.speak(utterance);
  }
}
