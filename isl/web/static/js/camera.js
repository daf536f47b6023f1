// Starts and stops the camera. If it can't be started, the page shows the reason.

const WANTED = { video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, facingMode: "user" }, audio: false };
const REASONS = {
  NotAllowedError: "camera_denied",
  SecurityError: "camera_denied",
  NotFoundError: "camera_none",
  OverconstrainedError: "camera_none",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

export class CameraProblem extends Error {
  constructor(key, reason = "") {
    super(key);
    this.key = key;
    this.reason = reason;
  }
}

export class Camera extends EventTarget {
  constructor(video) {
    super();
    this.video = video;
    this.stream = null;
  }

  get on() {
    return this.stream !== null;
  }

  async start() {
    if (!navigator.mediaDevices) throw new CameraProblem("camera_insecure");
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(WANTED);
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch (error) {
      this.stop();
      throw new CameraProblem(REASONS[error.name] ?? "camera_failed", error.message);
    }
    for (const track of this.stream.getTracks()) track.addEventListener("ended", () => this.dispatchEvent(new Event("ended")));
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  // Calls `see(seconds)` for each new picture, until the camera stops.
  watch(see) {
    const next = (now) => {
      if (!this.on) return;
      if (this.video.readyState >= 2) see(now / 1000);
      this.schedule(next);
    };
    this.schedule(next);
  }

  schedule(next) {
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(next);
    else setTimeout(() => next(performance.now()), 33);
  }
}
