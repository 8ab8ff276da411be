// SPDX-License-Identifier: MIT
// The ink of a drawing as numbers: strokes go in, rows x columns bytes come out.

export const FINE = 112;  // rows and columns, four for each of the network's
const NETWORK = 28;

/// Strokes as bytes, 255 is ink. @param strokes lists of points, x and y from 0 to 1, each
/// list with its `pen`, the width as a part of the pad
export function inkOf(strokes) {
  const canvas = new OffscreenCanvas(FINE, FINE);
  const g = canvas.getContext("2d", { willReadFrequently: true });
  drawStrokes(g, strokes, FINE, "#000");
  const { data } = g.getImageData(0, 0, FINE, FINE);
  return Uint8Array.from({ length: FINE * FINE }, (_, i) => data[4 * i + 3]);
}

/// The same strokes for the eye and for the network: curves that pass the middle between two
/// points and bend towards them, for a hand draws no corners.
export function drawStrokes(g, strokes, size, colour) {
  g.strokeStyle = g.fillStyle = colour;
  g.lineCap = g.lineJoin = "round";
  for (const { points, pen } of strokes) {
    g.lineWidth = pen * size;
    const [first, last] = [points[0], points.at(-1)];
    g.beginPath();
    g.moveTo(first[0] * size, first[1] * size);
    points.slice(0, -1).forEach(([x, y], i) => {
      const [nextX, nextY] = points[i + 1];
      g.quadraticCurveTo(x * size, y * size, (x + nextX) / 2 * size, (y + nextY) / 2 * size);
    });
    g.lineTo(last[0] * size + 0.01, last[1] * size);  // a point is a stroke, too
    g.stroke();
  }
}

/// The pad as it stands, four by four bytes to one: where the digit was written, there the
/// network sees it.
export function asDrawn(ink) {
  const step = FINE / NETWORK;
  return Uint8Array.from({ length: NETWORK * NETWORK }, (_, i) => {
    const top = Math.floor(i / NETWORK) * step, left = (i % NETWORK) * step;
    let sum = 0;
    for (let y = 0; y < step; ++y)
      for (let x = 0; x < step; ++x) sum += ink[(top + y) * FINE + left + x];
    return Math.round(sum / (step * step));
  });
}
