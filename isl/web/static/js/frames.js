// A frame in the format that the server reads: 16 bytes of time, width and height, then numbers or a JPEG.

const HEADER = 16;

export function frame(time, width, height, body) {
  const bytes = new Uint8Array(HEADER + body.byteLength);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, time, true);
  view.setUint32(8, width, true);
  view.setUint32(12, height, true);
  bytes.set(new Uint8Array(body.buffer ?? body, body.byteOffset ?? 0, body.byteLength), HEADER);
  return bytes;
}
