// A list of buttons that are pressed or not.

import { make } from "./dom.js";

export class Tiles extends EventTarget {
  constructor(list) {
    super();
    this.list = list;
    this.pressed = new Set();
  }

  // `tiles`: an array of [value, label, a line below the label].
  show(tiles) {
    this.list.replaceChildren(...tiles.map(([value, label, line]) => {
      const button = make("button", { class: "tile", type: "button", "aria-pressed": String(this.pressed.has(value)) }, label);
      if (line) button.append(make("small", {}, line));
      button.addEventListener("click", () => this.toggle(value, button));
      return make("li", {}, button);
    }));
  }

  toggle(value, button) {
    if (!this.pressed.delete(value)) this.pressed.add(value);
    button.setAttribute("aria-pressed", String(this.pressed.has(value)));
    this.dispatchEvent(new Event("change"));
  }

  clear() {
    this.pressed.clear();
    for (const button of this.list.querySelectorAll("button")) button.setAttribute("aria-pressed", "false");
    this.dispatchEvent(new Event("change"));
  }
}
