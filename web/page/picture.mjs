// SPDX-License-Identifier: MIT
// A matrix as a picture: one canvas pixel a number, enlarged by CSS without smoothing.
import { inkScale, signScale } from "./colour.mjs";

/// The largest size among the numbers, at least a little above 0.
export const largest = (values) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);

/// Draws rows x columns numbers (row by row).
/// @param signed red and blue around 0, else ink from 0 upwards
/// @param most the number that has the full colour
export function paint(canvas, values, rows, columns, { signed = false, most = 1 } = {}) {
  const scale = signed ? signScale : inkScale;
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; ++i) {
    const [r, g, b] = scale(values[i] / most);
    image.data.set([r, g, b, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

/// A canvas with a name that is read aloud.
export function pictureOf(name, className = "map") {
  const canvas = document.createElement("canvas");
  canvas.className = className;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  return canvas;
}
