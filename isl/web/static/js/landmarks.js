// Finds landmarks in the page if possible, otherwise on the server. Both have the same interface.

import { PageLandmarks } from "./page_landmarks.js";
import { ServerLandmarks } from "./server_landmarks.js";

export class Landmarks extends EventTarget {
  constructor(connection) {
    super();
    this.connection = connection;
    this.way = null;
    connection.addEventListener("hello", ({ detail }) => this.way ?? this.choose(detail));
    this.chosen = new Promise((done) => (this.done = done));
  }

  get inPage() {
    return this.way instanceof PageLandmarks;
  }

  choose({ holistic, face }) {
    this.use(holistic && "OffscreenCanvas" in window ? new PageLandmarks(this.connection, face) : new ServerLandmarks(this.connection));
    this.done();
  }

  use(way) {
    this.way?.close();
    this.way = way;
    way.addEventListener("points", ({ detail }) => this.dispatchEvent(new CustomEvent("points", { detail })));
    way.addEventListener("failed", () => this.fallBack());
    this.dispatchEvent(new Event("chosen"));
  }

  // Changes to the server if the page can't find landmarks. The "fell" event stops the camera, so that no picture
  // leaves the device before the user starts it again.
  fallBack() {
    if (!this.inPage) return;
    this.use(new ServerLandmarks(this.connection));
    this.dispatchEvent(new Event("fell"));
  }

  async start() {
    await this.chosen;
    await this.way.start();
  }

  see(video, time) {
    this.way.see(video, time);
  }
}
