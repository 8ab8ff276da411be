// SPDX-License-Identifier: MIT
// The curves of a training: accuracy above, cost below, over the images seen.
import { colours, onTheme } from "./colour.mjs";
import { fixed, make, number } from "./page.mjs";

const LEFT = 46, RIGHT = 10, MOST = 600;  // pixels at the sides; points kept

/// Half as many points, each the mean of two.
function thin(points) {
  const kept = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [a, b] = [points[i], points[i + 1]], images = a.images + b.images;
    const mean = (name) => (a[name] * a.images + b[name] * b.images) / images;
    kept.push({ samples: b.samples, images, cost: mean("cost"), accuracy: mean("accuracy") });
  }
  if (points.length % 2) kept.push(points.at(-1));
  return kept;
}

/// A running mean over about `span` images, so that the eye finds the line in the noise.
function smooth(points, name, span) {
  let mean = null;
  return points.map((point) => {
    const share = 1 - Math.exp(-point.images / span);
    mean = mean === null ? point[name] : mean + share * (point[name] - mean);
    return mean;
  });
}

export class Curve {
  points = [];
  tests = [];
  #canvas = make("canvas", { tabIndex: 0 });
  #reading = make("output", { className: "reading" });
  #cursor = null;
  #asked = false;

  constructor(box) {
    this.#canvas.setAttribute("role", "img");
    box.append(this.#canvas, this.#reading);
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    onTheme(() => this.#draw());
    this.#canvas.addEventListener("pointermove", (event) => {
      this.#cursor = event.offsetX;
      this.redraw();
    });
    for (const name of ["pointerleave", "blur"])
      this.#canvas.addEventListener(name, () => {
        this.#cursor = null;
        this.redraw();
      });
    this.#canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -8, ArrowRight: 8 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.#cursor = Math.max(LEFT, (this.#cursor ?? this.#canvas.clientWidth - RIGHT) + step);
      this.redraw();
    });
  }

  clear() {
    this.points = [];
    this.tests = [];
    this.redraw();
  }
  add(point) {
    this.points.push(point);
    if (this.points.length > MOST) this.points = thin(this.points);
    this.redraw();
  }
  addTest(point) {
    this.tests.push(point);
    if (this.tests.length > MOST) this.tests = this.tests.filter((_, i) => i % 2 === 1);
    this.redraw();
  }

  redraw() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #draw() {
    const canvas = this.#canvas, scale = devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width || !height) return;
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== wide) canvas.width = wide;
    if (canvas.height !== high) canvas.height = high;
    const g = canvas.getContext("2d");
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, width, height);
    g.font = "12px system-ui, sans-serif";
    const end = Math.max(2000, this.points.at(-1)?.samples ?? 0);
    const x = (samples) => LEFT + (width - LEFT - RIGHT) * samples / end;
    const { blue, orange, green, muted, line } = colours();
    const upper = [12, height * 0.5 - 8], lower = [height * 0.5 + 12, height - 22];

    // Each nine more is a step of the same height: 0, 90, 99 percent.
    const nines = (value) => -Math.log10(1 - Math.min(value, 99.6) / 100);
    const accuracy = (value) => upper[1] + (upper[0] - upper[1]) * nines(value) / nines(99.6);
    const floor = Math.log10(0.01), roof = Math.log10(4);
    const cost = (value) => lower[1] + (lower[0] - lower[1]) *
      (Math.min(roof, Math.max(floor, Math.log10(value))) - floor) / (roof - floor);
    const grid = (values, y, text) => {
      g.textAlign = "right";
      g.textBaseline = "middle";
      for (const value of values) {
        g.strokeStyle = line.css;
        g.lineWidth = 0.7;
        g.beginPath();
        g.moveTo(LEFT, Math.round(y(value)) + 0.5);
        g.lineTo(width - RIGHT, Math.round(y(value)) + 0.5);
        g.stroke();
        g.fillStyle = muted.css;
        g.fillText(text(value), LEFT - 6, y(value));
      }
    };
    grid([50, 90, 99], accuracy, (value) => `${value} %`);
    grid([0.01, 0.1, 1], cost, (value) => `${value}`);
    const write = (text, colour, down) => {
      g.fillStyle = colour;
      g.fillText(text, width - RIGHT - 6, down);
    };
    write("right, as it learns", blue.css, accuracy(50) - 9);
    write("● right, on new digits", green.css, accuracy(50) + 8);
    write("cost", orange.css, cost(1) - 12);
    g.fillStyle = muted.css;
    g.textBaseline = "bottom";
    g.textAlign = "right";
    g.fillText(`${number.format(end)} images`, width - RIGHT, height - 2);
    g.textAlign = "left";
    g.fillText("0", LEFT, height - 2);

    const trace = (values, y, colour, thick) => {
      g.strokeStyle = colour;
      g.lineWidth = thick;
      g.lineJoin = "round";
      g.beginPath();
      values.forEach((value, i) => g.lineTo(x(this.points[i].samples), y(value)));
      g.stroke();
    };
    const span = Math.max(300, end / 40);
    const lines = [["accuracy", accuracy, blue.css], ["cost", cost, orange.css]];
    for (const [name, y, colour] of lines) {
      g.globalAlpha = 0.25;
      trace(this.points.map((point) => point[name]), y, colour, 1);
      g.globalAlpha = 1;
      trace(smooth(this.points, name, span), y, colour, 2);
    }
    g.fillStyle = green.css;
    for (const point of this.tests) {
      g.beginPath();
      g.arc(x(point.samples), accuracy(point.accuracy), 2.5, 0, 7);
      g.fill();
    }
    this.#read(g, x, height);
    this.#name();
  }

  /// The numbers under the cursor.
  #read(g, x, height) {
    if (this.#cursor === null || !this.points.length) {
      this.#reading.textContent = "";
      return;
    }
    const distance = (point) => Math.abs(x(point.samples) - this.#cursor);
    const point = this.points.reduce((a, b) => distance(b) < distance(a) ? b : a);
    g.strokeStyle = colours().muted.css;
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(x(point.samples), 8);
    g.lineTo(x(point.samples), height - 18);
    g.stroke();
    this.#reading.textContent = `${number.format(point.samples)} images: ` +
      `${fixed(point.accuracy, 1)} % right, cost ${fixed(point.cost, 3)}`;
  }

  #name() {
    const last = this.points.at(-1), test = this.tests.at(-1);
    this.#canvas.setAttribute("aria-label", !last ? "Accuracy and cost: nothing learned yet" :
      `Accuracy and cost over ${number.format(last.samples)} images; now ` +
      `${fixed(last.accuracy, 0)} percent right, cost ${fixed(last.cost, 2)}` +
      (test ? `; on new digits ${fixed(test.accuracy, 1)} percent` : ""));
  }
}
