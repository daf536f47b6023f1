// Finds landmarks in pictures with MediaPipe Holistic, in a separate thread. The library needs a classic worker.

const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i; // on these renderers, its GPU mode takes seconds a picture
const BLANK = [640, 480];
const STEP = 1000 / 30; // ms: the smoothing uses the times of a recording at 30 pictures a second, as in training
const PARTS = [["poseLandmarks", 33, 4], ["faceLandmarks", 468, 3], ["leftHandLandmarks", 21, 3], ["rightHandLandmarks", 21, 3]];

let holistic;
let results;
let pictures = 0;
let parts;

function softwareRenderer() {
  const context = new OffscreenCanvas(1, 1).getContext("webgl2") ?? new OffscreenCanvas(1, 1).getContext("webgl");
  if (!context) throw new Error("no WebGL");
  const names = context.getExtension("WEBGL_debug_renderer_info");
  return !names || SOFTWARE.test(context.getParameter(names.UNMASKED_RENDERER_WEBGL));
}

async function load(face) {
  parts = PARTS.filter(([name]) => face || name !== "faceLandmarks");
  const cpu = softwareRenderer();
  const locateFile = (name) => `/holistic/${name}`;
  self.createMediapipeSolutionsPackedAssets = { locateFile }; // otherwise the library searches beside this script
  importScripts("/holistic/holistic.js");
  holistic = new self.Holistic({ locateFile });
  holistic.setOptions({ modelComplexity: 1, smoothLandmarks: true, refineFaceLandmarks: false, useCpuInference: cpu,
    minDetectionConfidence: 0.5, minTrackingConfidence: 0.5 });
  holistic.onResults((found) => (results = found));
  await holistic.initialize();
  // In a worker, the library does not store the context of the canvas that it has made
  const solution = holistic.h;
  solution.K ??= solution.m.getContext("webgl2") ?? solution.m.getContext("webgl");
  const blank = new OffscreenCanvas(...BLANK);
  blank.getContext("2d").fillRect(0, 0, ...BLANK);
  await find(blank.transferToImageBitmap()); // the first picture takes the longest
}

// Finds the landmarks of a picture: 258 numbers, or 1,662 with the face; zeros for a part that was not found.
async function find(picture) {
  results = null;
  pictures += 1;
  await holistic.h.send({ image: picture }, pictures * STEP);
  picture.close();
  results?.image?.close?.();
  const numbers = new Float32Array(parts.reduce((sum, [, points, dims]) => sum + points * dims, 0));
  let start = 0;
  for (const [name, points, dims] of parts) {
    for (const [i, { x, y, z, visibility }] of (results?.[name] ?? []).entries()) {
      if (i < points) numbers.set(dims === 4 ? [x, y, z, visibility ?? 0] : [x, y, z], start + i * dims);
    }
    start += points * dims;
  }
  return numbers;
}

self.onmessage = async ({ data }) => {
  try {
    if (data.type === "load") {
      await load(data.face);
      self.postMessage({ type: "ready" });
    } else {
      const { time, width, height } = data;
      const numbers = await find(data.picture);
      self.postMessage({ type: "found", time, width, height, numbers }, [numbers.buffer]);
    }
  } catch (error) {
    self.postMessage({ type: "failed", reason: String(error?.message ?? error) });
  }
};
