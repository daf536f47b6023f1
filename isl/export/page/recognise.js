// Runs a network of isl-export with onnxruntime-web: landmarks (1, 60, 1662) and an aspect in, probabilities out.
import * as ort from "./ort.wasm.min.mjs";

const FRAMES = 60;
const FRAME_SIZE = 1662;
const FLOATS = { "<f4": Float32Array, "<f8": Float64Array };

ort.env.wasm.wasmPaths = new URL("./", import.meta.url).href;
ort.env.wasm.numThreads = 1; // more need a page that is isolated from other origins

/** Reads an .npy file. Returns its numbers (frames x 1662) as a Float32Array. */
export function readNpy(buffer) {
  const view = new DataView(buffer);
  const wide = view.getUint8(6) > 1; // version 2 has a length of four bytes
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder().decode(new Uint8Array(buffer, start, length));
  const type = FLOATS[/'descr': '([^']+)'/.exec(header)?.[1]];
  const shape = /'shape': \((\d+), (\d+)\)/.exec(header);
  if (!type || !shape || Number(shape[2]) !== FRAME_SIZE || header.includes("'fortran_order': True")) {
    throw new Error(`not landmarks (frames, ${FRAME_SIZE}) of float32 or float64`);
  }
  return Float32Array.from(new type(buffer.slice(start + length)));
}

/** Picks 60 frames at equal distances, as the training does: round(linspace(0, frames - 1, 60)), half to even. */
export function resample(numbers) {
  const frames = numbers.length / FRAME_SIZE;
  const picked = new Float32Array(FRAMES * FRAME_SIZE);
  for (let at = 0; at < FRAMES; at++) {
    const exact = (at * (frames - 1)) / (FRAMES - 1);
    const below = Math.floor(exact);
    const half = exact - below === 0.5;
    const frame = half ? below + (below % 2) : Math.round(exact);
    picked.set(numbers.subarray(frame * FRAME_SIZE, (frame + 1) * FRAME_SIZE), at * FRAME_SIZE);
  }
  return picked;
}

export async function loadNetwork(model, facts) {
  const [session, described] = await Promise.all([
    ort.InferenceSession.create(model, { executionProviders: ["wasm"] }),
    fetch(facts).then((answer) => answer.json()),
  ]);
  return {
    words: described.words,
    reject: described.reject,
    async recognise(numbers) {
      const landmarks = new ort.Tensor("float32", resample(numbers), [1, FRAMES, FRAME_SIZE]);
      const aspect = new ort.Tensor("float32", Float32Array.of(described.aspect), [1]);
      const { probabilities } = await session.run({ landmarks, aspect });
      return Array.from(probabilities.data);
    },
  };
}

const say = (text) => (document.getElementById("state").textContent = text);

async function main() {
  const network = await loadNetwork("model.onnx", "facts.json");
  const input = document.getElementById("clip");
  input.addEventListener("change", async () => {
    try {
      const probabilities = await network.recognise(readNpy(await input.files[0].arrayBuffer()));
      const best = probabilities.map((_, word) => word).sort((a, b) => probabilities[b] - probabilities[a]);
      const lines = best.slice(0, 5).map((word) => `${network.words[word]} ${(100 * probabilities[word]).toFixed(1)} %`);
      document.getElementById("words").replaceChildren(
        ...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
      );
      say(probabilities[best[0]] < network.reject ? "none of the words" : network.words[best[0]]);
    } catch (error) {
      say(String(error.message ?? error));
    }
  });
  input.disabled = false;
  say("ready");
}

main().catch((error) => say(String(error.message ?? error)));
