// Shows one notice at a time: the most important of the present problems.

import { onLanguage, text } from "./texts.js";

const ORDER = ["connection", "camera", "hint", "network"];

export class Notices {
  constructor(element) {
    this.element = element;
    this.current = {};
    onLanguage(() => this.show());
  }

  set(place, key, values = {}) {
    if (this.current[place]?.key === key) return;
    if (key) this.current[place] = { key, values };
    else delete this.current[place];
    this.show();
  }

  show() {
    const place = ORDER.find((name) => this.current[name]);
    this.element.hidden = !place;
    this.element.textContent = place ? text(this.current[place].key, this.current[place].values) : "";
  }
}
