// Puts the page together: camera, landmarks, connection, and what was said.

import { Camera, CameraProblem } from "./camera.js";
import { Connection } from "./connection.js";
import { byId } from "./dom.js";
import { Notices } from "./notices.js";
import { Said } from "./said.js";
import { ServerLandmarks } from "./server_landmarks.js";
import { drawSkeleton } from "./skeleton.js";
import { loadTexts, onLanguage, text } from "./texts.js";

await loadTexts(byId("language"));

const connection = new Connection();
const camera = new Camera(byId("video"));
const notices = new Notices(byId("notice"));
const said = new Said();
let landmarks = new ServerLandmarks(connection);
let state = "off";
const answers = []; // times of the last answers, ms

function show(newState) {
  state = newState;
  byId("state").textContent = text(`state_${state}`);
  byId("state").dataset.state = state;
}

function showRate() {
  const now = performance.now();
  while (answers.length && answers[0] < now - 3000) answers.shift();
  byId("rate").textContent = camera.on && answers.length > 1 ? text("rate", { rate: (answers.length / 3).toFixed(0) }) : "";
}

async function start() {
  byId("start").disabled = true;
  notices.set("camera", null);
  try {
    await landmarks.start();
    await camera.start();
  } catch (error) {
    const problem = error instanceof CameraProblem ? error : new CameraProblem("camera_failed", error.message);
    notices.set("camera", problem.key, { reason: problem.reason });
    return;
  } finally {
    byId("start").disabled = false;
  }
  byId("welcome").hidden = true;
  byId("stop").hidden = false;
  byId("stop").focus();
  show("waiting");
  camera.watch((time) => {
    if (!document.hidden) landmarks.see(camera.video, time);
  });
}

function stop() {
  camera.stop();
  connection.ask("stop");
  drawSkeleton(byId("skeleton"), null, 1, 1);
  byId("welcome").hidden = false;
  byId("stop").hidden = true;
  byId("start").focus();
  notices.set("hint", null);
  show("off");
  showRate();
}

byId("start").addEventListener("click", start);
byId("stop").addEventListener("click", stop);
byId("clear").addEventListener("click", () => {
  said.setUnknown(null);
  connection.ask("clear");
});
byId("write").addEventListener("click", () => connection.ask("say"));
camera.addEventListener("ended", () => {
  stop();
  notices.set("camera", "camera_ended");
});

connection.addEventListener("hello", ({ detail }) => {
  notices.set("connection", null);
  byId("privacy").dataset.text = detail.holistic ? "privacy_page" : "privacy_server";
  byId("privacy").textContent = text(byId("privacy").dataset.text);
  if (said.words.length && !said.conversation.sentence) connection.ask("restore", { words: said.words.map(({ word }) => word) });
});
connection.addEventListener("lost", ({ detail }) => {
  if (detail.refused) notices.set("connection", "refused_by_server", { reason: detail.reason });
  else notices.set("connection", "offline");
});
connection.addEventListener("status", ({ detail }) => {
  answers.push(performance.now());
  if (!camera.on) return;
  if (detail.state !== state) show(detail.state);
  if (detail.points) drawSkeleton(byId("skeleton"), detail.points, camera.video.videoWidth, camera.video.videoHeight);
  notices.set("hint", detail.hint ? `hint_${detail.hint}` : null);
});
connection.addEventListener("conversation", ({ detail }) => said.update(detail));
connection.addEventListener("event", ({ detail }) => {
  if (detail.event === "unsure") said.setUnknown(detail);
  if (detail.event === "word") said.setUnknown(null);
});

onLanguage(() => show(state));
show("off");
setInterval(showRate, 1000);
