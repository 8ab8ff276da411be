// SPDX-License-Identifier: MIT
// A few numbers as a table, many as a picture; red counts for, blue against.
import { colours, css } from "./colour.mjs";
import { make, short } from "./page.mjs";
import { largest, paint, pictureOf } from "./picture.mjs";

const MOST = 36;  // numbers that still can be read as a table

function tint(share) {
  const { paper, red, blue } = colours();
  const full = share < 0 ? blue.rgb : red.rgb, part = 0.45 * Math.min(1, Math.abs(share));
  return css(paper.rgb.map((value, i) => value + (full[i] - value) * part));
}

/// @param values rows x columns numbers, row by row
/// @param options `mark`, the number of a cell to frame; `most`, that of the full colour
export function matrix(name, values, rows, columns, { mark = -1, most = largest(values) } = {}) {
  const box = make("figure", { className: "matrix" });
  if (rows * columns > MOST) {
    const canvas = pictureOf(name);
    paint(canvas, values, rows, columns, { signed: true, most });
    box.append(canvas);
  } else {
    const table = make("table");
    table.setAttribute("aria-label", name);
    for (let r = 0; r < rows; ++r) {
      const line = make("tr");
      for (let c = 0; c < columns; ++c) {
        const i = r * columns + c, cell = make("td", { textContent: short(values[i]) });
        cell.style.background = tint(values[i] / most);
        if (i === mark) cell.className = "mark";
        line.append(cell);
      }
      table.append(line);
    }
    box.append(table);
  }
  box.append(make("figcaption", { textContent: name }));
  return box;
}

/// A sign between two of them.
export const sign = (text) => make("span", { className: "sign", textContent: text });
