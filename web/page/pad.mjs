// SPDX-License-Identifier: MIT
// The pad that one writes on: finger, pen or mouse, or the arrow keys.
import { colours, onTheme } from "./colour.mjs";
import { drawStrokes } from "./ink.mjs";

export class Pad extends EventTarget {
  strokes = [];
  #canvas;
  #penWidth;
  #pointer = null;
  #hand = { x: 0.5, y: 0.2, down: false, shown: false };  // of the keyboard

  /// Events: "ink" while a stroke grows, "lifted" at its end.
  /// @param penWidth says the width of the pen, as a part of the pad
  constructor(canvas, penWidth) {
    super();
    this.#canvas = canvas;
    this.#penWidth = penWidth;
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#go(event));
    for (const name of ["pointerup", "pointercancel"])
      canvas.addEventListener(name, (event) => this.#lift(event));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => {
      this.#hand.shown = false;
      this.draw();
    });
    onTheme(() => this.draw());
    this.draw();
  }

  clear() {
    this.strokes = [];
    this.#hand.down = false;
    this.draw();
    this.dispatchEvent(new Event("lifted"));
  }

  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }
  #begin(event) {
    if (this.#pointer !== null || event.button > 0) return;
    this.#hand.shown = false;
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    this.strokes.push({ points: [this.#place(event)], pen: this.#penWidth() });
    this.#changed("ink");
  }
  #go(event) {
    if (event.pointerId !== this.#pointer) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const part of all.length ? all : [event])
      this.strokes.at(-1).points.push(this.#place(part));
    this.#changed("ink");
  }
  #lift(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#changed("lifted");
  }

  #key(event) {
    const hand = this.#hand, step = event.shiftKey ? 0.02 : 0.05;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step],
      ArrowDown: [0, step] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") this.clear();
    else if (event.key === " ") {
      hand.down = !hand.down;
      if (hand.down) this.strokes.push({ points: [[hand.x, hand.y]], pen: this.#penWidth() });
      this.#changed(hand.down ? "ink" : "lifted");
    } else if (way) {
      hand.x = Math.min(1, Math.max(0, hand.x + way[0]));
      hand.y = Math.min(1, Math.max(0, hand.y + way[1]));
      if (hand.down) this.strokes.at(-1).points.push([hand.x, hand.y]);
      if (hand.down) this.dispatchEvent(new Event("ink"));
    } else return;
    event.preventDefault();
    hand.shown = true;
    this.draw();
  }

  #changed(name) {
    this.draw();
    this.dispatchEvent(new Event(name));
  }

  draw() {
    const g = this.#canvas.getContext("2d"), size = this.#canvas.width;
    const { ink, line, blue } = colours();
    g.clearRect(0, 0, size, size);
    g.strokeStyle = line.css;
    g.lineWidth = 1.5;
    g.setLineDash([5, 9]);
    g.strokeRect(size / 7, size / 7, size * 5 / 7, size * 5 / 7);  // MNIST's 20 of 28
    g.setLineDash([]);
    drawStrokes(g, this.strokes, size, ink.css);
    if (!this.#hand.shown) return;
    g.strokeStyle = blue.css;
    g.lineWidth = 4;
    g.beginPath();
    g.arc(this.#hand.x * size, this.#hand.y * size, this.#hand.down ? 8 : 16, 0, 7);
    g.stroke();
  }
}
