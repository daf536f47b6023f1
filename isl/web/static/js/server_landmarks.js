// Sends pictures as JPEG to the server, which finds the landmarks. Sends one at a time, so that no picture is stale.

import { frame } from "./frames.js";

const LARGEST = 640; // pixels of the longer side
const QUALITY = 0.85; // below 0.8, some signs are misread

export class ServerLandmarks extends EventTarget {
  constructor(connection) {
    super();
    this.connection = connection;
    this.canvas = document.createElement("canvas");
    this.busy = false;
    connection.addEventListener("status", ({ detail }) => this.answered(detail));
    connection.addEventListener("lost", () => (this.busy = false));
  }

  async start() {
    this.busy = false;
  }

  close() {}

  answered({ points }) {
    this.busy = false;
    const { videoWidth: width, videoHeight: height } = this.video ?? {};
    if (points && width) this.dispatchEvent(new CustomEvent("points", { detail: { points, width, height } }));
  }

  async see(video, time) {
    if (this.busy || !this.connection.up) return;
    this.busy = true;
    this.video = video;
    const scale = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight));
    this.canvas.width = Math.round(video.videoWidth * scale);
    this.canvas.height = Math.round(video.videoHeight * scale);
    this.canvas.getContext("2d").drawImage(video, 0, 0, this.canvas.width, this.canvas.height);
    const blob = await new Promise((done) => this.canvas.toBlob(done, "image/jpeg", QUALITY));
    const jpeg = blob && (await blob.arrayBuffer());
    if (!jpeg || !this.connection.sendFrame(frame(time, video.videoWidth, video.videoHeight, jpeg))) this.busy = false;
  }
}
