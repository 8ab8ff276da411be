// SPDX-License-Identifier: MIT
// The network lives here, beside the page, which so never freezes. It trains in slices of a
// few milliseconds; between two of them it answers what the page asks.
//
//   in    { id, call, args, patient }     a method of the module, or one of `own` below
//   out   { id, value } or { id, error }  the answer
//         { event: "progress", ... }      while it trains: what trainFor says, summed up
//         { event: "paused", done, error } it has stopped by itself
//
// A patient question can wait: the panels that redraw while the network learns may take a
// twelfth of its time and no more.
import { create, readSet } from "./cnn.mjs";

const SLICE = 6;         // milliseconds of training between two looks at the questions
const TELL = 45;         // milliseconds between two reports
const SHARE = 1 / 12;    // of the training's time, for patient questions
const waiting = [];      // patient questions
let cnn = null, running = false, pace = Infinity;
let trained = 0, lent = 0;  // milliseconds of the last seconds
let report = null, told = 0, turn = 0;

const turns = new MessageChannel();  // a turn of the event loop, without a timer's delay
turns.port1.onmessage = ({ data }) => { if (running && data === turn) train(); };
const nextTurn = (delay) => {
  const mine = turn;
  const post = () => turns.port2.postMessage(mine);
  if (delay > 0) setTimeout(post, delay); else post();
};

function addUp(part) {
  if (!report) report = { images: 0, cost: 0, accuracy: 0, seconds: 0 };
  const images = report.images + part.images;
  const mean = (name) => (report[name] * report.images + part[name] * part.images) / images;
  report = { ...part, images, seconds: report.seconds + part.seconds,
    cost: mean("cost"), accuracy: mean("accuracy") };
}

function tell() {
  if (report) postMessage({ event: "progress", ...report });
  report = null;
  told = performance.now();
}

function stop(why) {
  running = false;
  turn += 1;
  tell();
  servePatient();
  if (why) postMessage({ event: "paused", ...why });
}

function train() {
  const begin = performance.now();
  try {
    const part = pace < Infinity ? cnn.trainSteps(1) : cnn.trainFor(SLICE);
    const took = performance.now() - begin;
    trained += took;
    if (part.images) addUp(part);
    if (part.done) return stop({ done: true });
    if (performance.now() - told > TELL) tell();
    servePatient();
    const planned = pace < Infinity ? 1000 * part.images / pace : 0;
    nextTurn(planned - (performance.now() - begin));
  } catch (error) {
    stop({ error: error.message });
  }
}

function servePatient() {
  while (waiting.length && (!running || pace < Infinity || lent <= trained * SHARE)) {
    const begin = performance.now();
    answer(waiting.shift());
    lent += performance.now() - begin;
    if (running) break;
  }
  if (trained > 3000) {  // what is long ago counts no more
    trained /= 2;
    lent /= 2;
  }
}

const own = {
  async open(module) {
    cnn = await create(new URL(module, import.meta.url));
  },
  async fetchSet(set, prefix) {
    return cnn.load(set, await readSet(new URL(prefix, import.meta.url).href));
  },
  run(imagesPerSecond) {
    pace = imagesPerSecond ?? Infinity;
    if (!running) nextTurn(0);
    running = true;
  },
  pause() { if (running) stop(); },
  start(settings) {
    if (running) stop();
    return cnn.start(settings);
  },
  /// A drawing, made ready in the manner of MNIST, and what the network says to it.
  readInk(ink, rows, columns) {
    const pixels = cnn.centre(ink, rows, columns);
    return pixels && { pixels, probabilities: cnn.predict(pixels) };
  },
  /// Everything about one number, with the weights of the moment.
  explain(pixels, label, layer, channel, row, column) {
    const look = cnn.look(pixels, label);
    const place = [layer, channel, row, column];
    return { look, forward: layer > 0 ? cnn.forward(...place) : null,
      backward: cnn.backward(...place) };
  },
};

function answer({ id, call, args }) {
  const fail = (error) => postMessage({ id, error: error.message ?? String(error) });
  try {
    const value = own[call] ? own[call](...args) : cnn[call](...args);
    if (value instanceof Promise) value.then((v) => postMessage({ id, value: v }), fail);
    else postMessage({ id, value });
  } catch (error) {
    fail(error);
  }
}

onmessage = ({ data }) => {
  if (data.patient && running) waiting.push(data);
  else answer(data);
};
