// Finds landmarks in the page: pictures go to the worker, numbers to the server. No picture leaves this device.

import { frame } from "./frames.js";
import { pointsOf } from "./skeleton.js";

export class PageLandmarks extends EventTarget {
  constructor(connection, face) {
    super();
    this.connection = connection;
    this.face = face;
    this.busy = true;
    this.worker = new Worker("/static/js/holistic_worker.js");
    this.ready = new Promise((done, failed) => {
      this.worker.onerror = (event) => failed(new Error(event.message));
      this.worker.onmessage = ({ data }) => this.hear(data, done, failed);
    });
    this.ready.catch(() => {}); // errors are handled when the camera starts
    this.worker.postMessage({ type: "load", face });
  }

  async start() {
    await this.ready;
    this.busy = false;
  }

  close() {
    this.worker.terminate();
  }

  hear(data, done, failed) {
    if (data.type === "ready") done();
    if (data.type === "failed") {
      failed(new Error(data.reason));
      this.dispatchEvent(new CustomEvent("failed", { detail: data.reason }));
    }
    if (data.type !== "found") return;
    this.busy = false;
    const { time, width, height, numbers } = data;
    this.connection.sendFrame(frame(time, width, height, numbers));
    this.dispatchEvent(new CustomEvent("points", { detail: { points: pointsOf(numbers, this.face), width, height } }));
  }

  async see(video, time) {
    if (this.busy) return;
    this.busy = true;
    const [width, height] = [video.videoWidth, video.videoHeight];
    try {
      const picture = await createImageBitmap(video);
      this.worker.postMessage({ type: "find", time, width, height, picture }, [picture]);
    } catch {
      this.busy = false; // the camera was switched off meanwhile
    }
  }
}
