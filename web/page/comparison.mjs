// SPDX-License-Identifier: MIT
// Numeric beside analytic: every entry a dot (where both agree it lies on the diagonal), and
// both gradients as pictures.
import { colours, onTheme } from "./colour.mjs";
import { make } from "./page.mjs";
import { paint, pictureOf } from "./picture.mjs";

/// Where entry i of a tensor lies in a picture: kernels as small squares beside each other.
function arrange(shape, count) {
  if (shape.length === 4) {
    const [filters, channels, f] = shape;
    const wide = channels === 1 ? Math.ceil(filters / 2) : filters;
    const rows = channels === 1 ? 2 : channels;
    return { rows: rows * (f + 1) - 1, columns: wide * (f + 1) - 1, place: (i) => {
      const filter = Math.floor(i / (channels * f * f)), c = Math.floor(i / (f * f)) % channels;
      const [down, across] = channels === 1
        ? [Math.floor(filter / wide), filter % wide] : [c, filter];
      return [down * (f + 1) + Math.floor(i / f) % f, across * (f + 1) + i % f];
    } };
  }
  const columns = count <= 10 ? count : Math.ceil(Math.sqrt(2 * count));
  return { rows: Math.ceil(count / columns), columns,
    place: (i) => [Math.floor(i / columns), i % columns] };
}

export class Comparison {
  analytic = [];
  numeric = [];
  #shape = [];
  #dots = make("canvas", { className: "dots" });
  #left = pictureOf("The numeric gradient");
  #right = pictureOf("The gradient of backpropagation");

  constructor(box) {
    this.#dots.setAttribute("role", "img");
    const captioned = (canvas, text) =>
      make("figure", {}, canvas, make("figcaption", { textContent: text }));
    box.append(captioned(this.#dots, "every entry a dot: right on the diagonal"),
      make("div", { className: "pictures" },
        captioned(this.#left, "numeric: moved by 10⁻⁵, measured"),
        captioned(this.#right, "analytic: backpropagation")));
    new ResizeObserver(() => this.draw()).observe(this.#dots);
    onTheme(() => this.draw());
    this.clear();
  }

  clear() {
    this.analytic = [];
    this.numeric = [];
    this.draw();
  }

  add({ analytic, numeric }, shape) {
    this.#shape = shape;
    this.analytic.push(...analytic);
    this.numeric.push(...numeric);
    this.draw();
  }

  /// Stage 03's: the largest difference over the largest entry.
  error() {
    let difference = 0, most = 0;
    this.analytic.forEach((a, i) => {
      const n = this.numeric[i];
      difference = Math.max(difference, Math.abs(a - n));
      most = Math.max(most, Math.abs(a), Math.abs(n));
    });
    return most ? difference / most : 0;
  }

  draw() {
    const most = Math.max(1e-12, ...this.analytic.map(Math.abs), ...this.numeric.map(Math.abs));
    this.#drawDots(most);
    for (const [canvas, values] of [[this.#left, this.numeric], [this.#right, this.analytic]])
      this.#drawPicture(canvas, values, most);
  }

  #drawPicture(canvas, values, most) {
    const count = Math.max(10, values.length);
    const { rows, columns, place } = arrange(this.#shape, count);
    const whole = new Float64Array(rows * columns);
    values.forEach((value, i) => {
      const [row, column] = place(i);
      whole[row * columns + column] = value;
    });
    paint(canvas, whole, rows, columns, { signed: true, most });
  }

  #drawDots(most) {
    const canvas = this.#dots, size = canvas.clientWidth, scale = devicePixelRatio || 1;
    this.#dots.setAttribute("aria-label", this.analytic.length
      ? `${this.analytic.length} entries, numeric against analytic, error ` +
        this.error().toExponential(1)
      : "Numeric against analytic: nothing checked yet");
    if (!size) return;
    canvas.width = canvas.height = Math.round(size * scale);
    const g = canvas.getContext("2d"), { line, muted, green, red } = colours();
    g.scale(scale, scale);
    const at = (value) => size / 2 + (size / 2 - 14) * value / most;
    g.strokeStyle = line.css;
    g.beginPath();
    g.moveTo(at(-most), size - at(-most));
    g.lineTo(at(most), size - at(most));
    g.moveTo(size / 2, 10);
    g.lineTo(size / 2, size - 10);
    g.moveTo(10, size / 2);
    g.lineTo(size - 10, size / 2);
    g.stroke();
    g.font = "12px system-ui, sans-serif";
    g.fillStyle = muted.css;
    g.fillText("numeric", size / 2 + 5, 18);
    g.textAlign = "right";
    g.fillText("analytic", size - 10, size / 2 + 15);
    const right = this.error() < 1e-6;
    g.globalAlpha = 0.7;
    this.analytic.forEach((a, i) => {
      const off = Math.abs(a - this.numeric[i]) > 1e-6 * most;
      g.fillStyle = off && !right ? red.css : green.css;
      g.beginPath();
      g.arc(at(a), size - at(this.numeric[i]), 3, 0, 7);
      g.fill();
    });
  }
}
