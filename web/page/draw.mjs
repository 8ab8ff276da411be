// SPDX-License-Identifier: MIT
// The panel Draw: from the pad, a test image or a file to a picture, and what the network
// says to it, at every stroke.
import { Bars } from "./bars.mjs";
import { onTheme } from "./colour.mjs";
import { asDrawn, FINE, inkOf } from "./ink.mjs";
import { $, fixed, network, on, picture, say, setPicture } from "./page.mjs";
import { paint } from "./picture.mjs";
import { Pad } from "./pad.mjs";

const pad = new Pad($("pad"), () => $("pen").value / 100);
const bars = new Bars($("bars"));
let asking = false, askAgain = false, fromPad = false;

function showSeen() {
  paint($("seen"), Float64Array.from(picture.pixels, (byte) => byte / 255), 28, 28);
}

function verdict(probabilities, final) {
  bars.show(probabilities);
  const [digit, text] = $("verdict").children;
  $("verdict").setAttribute("aria-live", final ? "polite" : "off");
  if (!probabilities) {
    digit.textContent = "?";
    text.textContent = "nothing written yet";
    return;
  }
  const best = probabilities.indexOf(Math.max(...probabilities));
  digit.textContent = best;
  const right = picture.label === null ? "" :
    picture.label === best ? ", and right" : `, but it is a ${picture.label}`;
  text.textContent = `${fixed(100 * probabilities[best], 1)} % sure${right}`;
}

/// Asks the network about the picture of the moment; while an answer is on its way, only
/// the last question waits.
async function judge(final = false) {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    do {
      askAgain = false;
      await ask(final);
    } while (askAgain);
  } catch (error) {
    say("draw-note", error.message, "bad");
  }
  asking = false;
}

async function ask(final) {
  if (!fromPad) return verdict(await network.ask("predict", picture.pixels), final);
  const ink = inkOf(pad.strokes), there = pad.strokes.length > 0;
  if (there && $("centre").checked) {
    const read = await network.ask("readInk", ink, FINE, FINE);
    if (!fromPad) return;
    setPicture(read ? read.pixels : new Uint8Array(784));
    verdict(read && read.probabilities, final);
  } else {
    setPicture(asDrawn(ink));
    verdict(there ? await network.ask("predict", picture.pixels) : null, final);
  }
}

function write(final) {
  fromPad = true;
  $("pad-hint").hidden = true;
  say("draw-note", "");
  judge(final);
}

/// Shows a finished 28 x 28 picture; the pad is empty then.
export function showPicture(pixels, label, note = "") {
  fromPad = false;
  pad.strokes = [];
  pad.draw();
  $("pad-hint").hidden = true;
  setPicture(pixels, label);
  say("draw-note", note);
  judge(true);
}

export async function showTestImage(index) {
  const { pixels, label } = await network.ask("image", "test", index);
  $("test-number").value = index;
  showPicture(pixels, label, `Test image ${index}, a ${label}: never trained on.`);
}

/// The digit in a file's picture, found by the code that ./learn train --predict uses.
async function showFile(file) {
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, 800 / Math.max(image.width, image.height));
    const columns = Math.max(1, Math.round(image.width * scale));
    const rows = Math.max(1, Math.round(image.height * scale));
    const g = new OffscreenCanvas(columns, rows).getContext("2d");
    g.fillStyle = "#fff";
    g.fillRect(0, 0, columns, rows);
    g.drawImage(image, 0, 0, columns, rows);
    const { data } = g.getImageData(0, 0, columns, rows);
    const grey = Uint8Array.from({ length: rows * columns }, (_, i) =>
      Math.round(0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2]));
    showPicture(await network.ask("digitIn", grey, rows, columns), null, `From ${file.name}.`);
  } catch (error) {
    const reason = error.name === "InvalidStateError"
      ? "this is no picture that the browser can read; take a PNG or a JPEG" : error.message;
    say("draw-note", `${file.name}: ${reason}`, "bad");
  }
}

/// Before the network is there one can write already; what is written waits for it. Who has
/// written nothing sees what it makes of a test image.
export async function begin() {
  for (const id of ["load-test", "upload"]) $(id).disabled = false;
  if (pad.strokes.length) return judge();
  await showTestImage(0);
  $("pad-hint").hidden = false;
}

pad.addEventListener("ink", () => write(false));
pad.addEventListener("lifted", () => write(true));
$("clear").onclick = () => pad.clear();
$("centre").onchange = () => {
  if (fromPad) judge(true);
};
$("load-test").onclick = () => {
  const field = $("test-number");
  const index = Math.min(field.max, Math.max(0, Math.floor(Number(field.value)) || 0));
  showTestImage(index).catch((error) => say("draw-note", error.message, "bad"));
};
$("test-number").onkeydown = (event) => {
  if (event.key === "Enter") $("load-test").click();
};
$("upload").onchange = ({ target }) => {
  if (target.files[0]) showFile(target.files[0]);
  target.value = "";
};
$("seen").onpointermove = (event) => {
  const box = $("seen").getBoundingClientRect();
  const at = (offset, size) => Math.min(27, Math.max(0, Math.floor(28 * offset / size)));
  const row = at(event.clientY - box.top, box.height);
  const column = at(event.clientX - box.left, box.width);
  $("seen-value").textContent = `row ${row}, column ${column}: ` +
    fixed(picture.pixels[28 * row + column] / 255, 2);
};
$("seen").onpointerleave = () => { $("seen-value").textContent = ""; };

on("picture", showSeen);
on("weights", () => judge());
onTheme(showSeen);
bars.show(null);
showSeen();
