// SPDX-License-Identifier: MIT
// Loads the module, the book's C++ compiled to WebAssembly, and speaks with it. README.md
// describes every call.

import { systemFor } from "./wasi.mjs";

/** The module's bytes from an address, or as they are. */
async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer)
    return WebAssembly.compile(source);
  const response = await fetch(source);
  if (!response.ok) throw new Error(`${source}: ${response.status} ${response.statusText}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Unzips bytes that are gzipped; a server may have done it on the way. */
async function unzipped(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Fetches the images and labels of a set, `prefix`-images.gz and `prefix`-labels.gz. */
export async function readSet(prefix) {
  const [images, labels] = await Promise.all(["images", "labels"].map(async (part) => {
    const file = `${prefix}-${part}.gz`;
    const response = await fetch(file);
    if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
    return unzipped(new Uint8Array(await response.arrayBuffer()));
  }));
  return { images, labels };
}

/** Stage 03's error of a gradient: the largest difference over the largest entry. */
export function relativeError(analytic, numeric) {
  let difference = 0, largest = 0;
  for (let i = 0; i < analytic.length; ++i) {
    difference = Math.max(difference, Math.abs(analytic[i] - numeric[i]));
    largest = Math.max(largest, Math.abs(analytic[i]), Math.abs(numeric[i]));
  }
  return difference / largest;
}

/** A module from its address, its bytes, or a WebAssembly.Module. */
export async function create(source, say = console.log) {
  let exports;
  const memory = () => exports.memory.buffer;
  const text = new TextDecoder();
  const instance = await WebAssembly.instantiate(await compile(source), {
    wasi_snapshot_preview1: systemFor(memory, say),
    cnn: {
      threw(words, length) {
        throw new Error(text.decode(new Uint8Array(memory(), words, length)));
      },
    },
  });
  exports = instance.exports;
  exports._initialize();
  return new Cnn(exports);
}

const whole = (bytes) =>
  bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes.buffer ?? bytes);

class Cnn {
  #module;

  constructor(exports) {
    this.#module = exports;
  }

  /** Asks the module; the answer's JSON, its arrays of numbers in place, and its bytes. */
  #ask(call, request = {}, bytes = new Uint8Array()) {
    const m = this.#module;
    const words = new TextEncoder().encode(JSON.stringify({ ...request, call }));
    const stack = m.__stack_pointer.value;
    const place = m.room(words.length + bytes.length);
    if (place === 0) throw new Error("the module has no more memory");
    try {
      const memory = new Uint8Array(m.memory.buffer);
      memory.set(words, place);
      memory.set(bytes, place + words.length);
      m.ask(place, words.length, place + words.length, bytes.length);
    } catch (error) {
      m.__stack_pointer.value = stack;  // an error leaves without tidying up
      throw error;
    } finally {
      m.giveBack(place);
    }
    const part = (Kind, at, length) => new Kind(m.memory.buffer, at, length);
    const numbers = part(Float64Array, m.numbers(), m.numbersLength());
    return {
      found: JSON.parse(
        new TextDecoder().decode(part(Uint8Array, m.words(), m.wordsLength())),
        (key, value) =>
          value?.$ ? numbers.slice(value.$[0], value.$[0] + value.$[1]) : value),
      bytes: part(Uint8Array, m.bytes(), m.bytesLength()).slice(),
    };
  }

  // ---- images --------------------------------------------------------------------------
  load(set, { images, labels }) {
    const bytes = new Uint8Array(images.length + labels.length);
    bytes.set(images);
    bytes.set(labels, images.length);
    return this.#ask("load", { set, images: images.length }, bytes).found;
  }
  size(set) {
    return this.#ask("size", { set }).found;
  }
  image(set, n) {
    const { found, bytes } = this.#ask("image", { set, n });
    return { pixels: bytes, label: found.label };
  }
  centre(ink, rows, columns) {
    const { found, bytes } = this.#ask("centre", { rows, columns }, whole(ink));
    return found ? bytes : null;
  }
  digitIn(grey, rows, columns) {
    return this.#ask("digitIn", { rows, columns }, whole(grey)).bytes;
  }

  // ---- training ------------------------------------------------------------------------
  start(settings = {}) {
    return this.#ask("start", settings).found;
  }
  change(settings) {
    return this.#ask("change", settings).found;
  }
  trainSteps(steps) {
    return this.#ask("go", { steps }).found;
  }
  trainFor(milliseconds) {
    return this.#ask("go", { milliseconds }).found;
  }

  // ---- judging -------------------------------------------------------------------------
  evaluate(set = "test", first = 0, count = null) {
    return this.#ask("evaluate", { set, first, count }).found;
  }
  predict(pixels) {
    return this.#ask("predict", {}, whole(pixels)).found;
  }
  probabilities(set = "test", first = 0, count = null) {
    return this.#ask("probabilities", { set, first, count }).found;
  }
  mistakes(most = 10, first = 0, count = null) {
    return this.#ask("mistakes", { most, first, count }).found;
  }
  confusion(first = 0, count = null) {
    return this.#ask("confusion", { first, count }).found;
  }

  // ---- weights -------------------------------------------------------------------------
  weights() {
    return this.#ask("weights").found;
  }
  filters() {
    const first = this.weights()["conv1.weight"];
    if (!first) return [];
    const size = first.shape[2] * first.shape[3];
    return Array.from({ length: first.shape[0] },
      (_, k) => first.values.slice(k * size, (k + 1) * size));
  }
  saveWeights() {
    return this.#ask("saveWeights").bytes;
  }
  loadWeights(bytes, name) {
    this.#ask("loadWeights", { name }, whole(bytes));
  }

  // ---- looking inside, the gradient check, the race --------------------------------------
  look(pixels, label = null) {
    return this.#ask("look", { label }, whole(pixels)).found;
  }
  forward(layer, channel, row, column) {
    return this.#ask("forward", { layer, channel, row, column }).found;
  }
  backward(layer, channel, row, column) {
    return this.#ask("backward", { layer, channel, row, column }).found;
  }
  check(what = {}) {
    return this.#ask("check", what).found;
  }
  race(stage, first, count) {
    return this.#ask("race", { stage, first, count }).found;
  }
}
