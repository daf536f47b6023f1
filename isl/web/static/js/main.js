// Connects the parts of the page: camera, landmarks, connection and conversation.

import { Camera, CameraProblem } from "./camera.js";
import { Choices } from "./choices.js";
import { Connection } from "./connection.js";
import { byId } from "./dom.js";
import { Files } from "./files.js";
import { Hints } from "./hints.js";
import { Landmarks } from "./landmarks.js";
import { Notices } from "./notices.js";
import { Rate } from "./rate.js";
import { Recorder } from "./recorder.js";
import { Reply } from "./reply.js";
import { Said } from "./said.js";
import { drawSkeleton } from "./skeleton.js";
import { Speech } from "./speech.js";
import { Symptoms } from "./symptoms.js";
import { Teaching } from "./teaching.js";
import { loadTexts, onLanguage, text } from "./texts.js";
import { Transcript } from "./transcript.js";
import { Vocabulary } from "./vocabulary.js";

await loadTexts(byId("language"));

const connection = new Connection();
const camera = new Camera(byId("video"));
const notices = new Notices(byId("notice"));
const hints = new Hints(notices);
const landmarks = new Landmarks(connection);
const rate = new Rate();
const said = new Said(connection);
const symptoms = new Symptoms(connection);
new Choices(connection, said, new Vocabulary(connection));
new Speech(said);
new Files();
new Transcript(said, new Reply());
const recorder = new Recorder(connection, async () => {
  if (!camera.on) await start();
  return camera.on;
});
new Teaching(connection);
let state = "off";

function show(newState) {
  state = newState;
  byId("state").textContent = text(`state_${state}`);
  byId("state").dataset.state = state;
}

function showPrivacy() {
  byId("privacy").textContent = landmarks.way ? text(landmarks.inPage ? "privacy_page" : "privacy_server") : "";
}

async function start() {
  byId("start").disabled = true;
  notices.set("camera", null);
  show("waiting");
  try {
    await landmarks.start();
    await camera.start();
  } catch (error) {
    const problem = error instanceof CameraProblem ? error : new CameraProblem("camera_failed", error.message);
    notices.set("camera", problem.key, { reason: problem.reason });
    show("off");
    return;
  } finally {
    byId("start").disabled = false;
  }
  byId("welcome").hidden = true;
  byId("stop").hidden = false;
  byId("stop").focus();
  rate.start();
  camera.watch((time) => {
    if (!document.hidden) landmarks.see(camera.video, time);
  });
}

function stop() {
  camera.stop();
  recorder.stop();
  connection.ask("stop");
  drawSkeleton(byId("skeleton"), null, 1, 1);
  byId("welcome").hidden = false;
  byId("stop").hidden = true;
  byId("start").focus();
  byId("rate").textContent = "";
  hints.clear();
  show("off");
}

said.addEventListener("cleared", () => symptoms.clear());
byId("start").addEventListener("click", start);
byId("stop").addEventListener("click", stop);
camera.addEventListener("ended", () => {
  stop();
  notices.set("camera", "camera_ended");
});
document.addEventListener("visibilitychange", () => {
  if (!camera.on) return;
  if (document.hidden) connection.ask("stop");
  else hints.tell("background");
  rate.start();
});

connection.addEventListener("hello", ({ detail }) => {
  notices.set("connection", null);
  notices.set("network", detail.calibrated === false ? "not_calibrated" : null);
  byId("files").hidden = !detail.files;
});
connection.addEventListener("lost", ({ detail }) => {
  if (detail.refused) notices.set("connection", "refused_by_server", { reason: detail.reason });
  else notices.set("connection", "offline");
});
connection.addEventListener("status", ({ detail }) => {
  rate.count();
  if (!camera.on) return;
  if (detail.state !== state) show(detail.state);
  if (detail.hint) hints.tell(detail.hint);
});
landmarks.addEventListener("chosen", showPrivacy);
landmarks.addEventListener("fell", () => {
  if (camera.on) stop(); // pictures go to the server from now on, so the user has to start the camera again
  notices.set("camera", "fell_back");
});
landmarks.addEventListener("points", ({ detail }) => {
  if (camera.on) drawSkeleton(byId("skeleton"), detail.points, detail.width, detail.height);
});

setInterval(() => {
  if (!camera.on || document.hidden) return;
  byId("rate").textContent = text("rate", { rate: Math.round(rate.value) });
  if (rate.known) hints.checkRate(rate.value);
  hints.look(camera.video);
  hints.show();
}, 1000);
onLanguage(() => {
  show(state);
  showPrivacy();
});
show("off");
showPrivacy();
