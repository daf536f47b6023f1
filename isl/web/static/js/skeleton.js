// Draws the landmarks of the person as lines over the picture: 75 points, first the pose and then both hands.

const ARMS = [[11, 12], [11, 13], [13, 15], [12, 14], [14, 16], [11, 23], [12, 24]];
const HEAD = [[7, 2], [2, 0], [0, 5], [5, 8], [9, 10]];
const FINGERS = [[0, 1], [1, 2], [2, 3], [3, 4], [0, 5], [5, 6], [6, 7], [7, 8], [5, 9], [9, 10], [10, 11], [11, 12],
  [9, 13], [13, 14], [14, 15], [15, 16], [13, 17], [17, 18], [18, 19], [19, 20], [0, 17]];
const LINES = [...ARMS, ...HEAD, ...FINGERS.map(([a, b]) => [a + 33, b + 33]), ...FINGERS.map(([a, b]) => [a + 54, b + 54])];

// Returns the points to draw from the numbers of a frame (pose 33 x 4, perhaps face 468 x 3, hands 2 x 21 x 3).
export function pointsOf(numbers, face) {
  const hands = 33 * 4 + (face ? 468 * 3 : 0);
  const points = [];
  for (let i = 0; i < 33; i++) points.push(1000 * numbers[4 * i], 1000 * numbers[4 * i + 1]);
  for (let i = 0; i < 42; i++) points.push(1000 * numbers[hands + 3 * i], 1000 * numbers[hands + 3 * i + 1]);
  return points;
}

// `points`: x and y in thousandths of the picture, in turn; 0, 0 is a point that was not found.
export function drawSkeleton(canvas, points, width, height, colour = "#ffffff") {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  if (!points) return;
  const at = (i) => [points[2 * i] * width / 1000, points[2 * i + 1] * height / 1000];
  const there = (i) => points[2 * i] !== 0 || points[2 * i + 1] !== 0;
  context.lineCap = "round";
  context.strokeStyle = colour;
  context.globalAlpha = 0.85;
  for (const [a, b] of LINES) {
    if (!there(a) || !there(b)) continue;
    context.lineWidth = a > 10 && a < 33 ? width / 110 : width / 220;
    context.beginPath();
    context.moveTo(...at(a));
    context.lineTo(...at(b));
    context.stroke();
  }
}
