// SPDX-License-Identifier: MIT
// The panel Train: buttons, figures, curve and settings around the worker's training.
import { Curve } from "./curve.mjs";
import { keepFresh } from "./live.mjs";
import { $, fixed, make, network, number, on, say, tell } from "./page.mjs";
import { carries, readLink } from "./link.mjs";

const TO_WATCH = 2500;  // images a second
const PART = 100;       // test images judged in one go
const curve = new Curve($("curve"));
const form = $("settings").elements;
const whole = ["seed", "epochs", "batch", "stage", "shift"];
const stages = { mlp: [[4, "stage 04"]],
  article: [[9, "stage 09, Winograd"], [8, "stage 08, fast"], [7, "stage 07, SIMD"],
    [5, "stage 05, serial"]] };
stages.small = stages.article;
let running = false, begun = false, finished = false, speed = null, judging = false;
let current = null, last = null, clock = null, images = 0, passes = 0;

/// What the fields say, as the module wants it.
export function settings() {
  const all = { network: form.network.value, schedule: form.schedule.value };
  for (const name of ["rate", "batch", "seed", "stage", "epochs", "lambda", "clip", "shift"]) {
    const field = form[name];
    let value = Number(field.value);
    if (whole.includes(name)) value = Math.round(value) || 0;
    if (field.type === "number") value = Math.min(field.max, Math.max(field.min, value));
    all[name] = value;
  }
  return all;
}

function offerStages() {
  const kept = form.stage.value;
  form.stage.replaceChildren(...stages[form.network.value].map(([value, text]) =>
    make("option", { value, textContent: text })));
  if ([...form.stage.options].some(({ value }) => value === kept)) form.stage.value = kept;
}

/// Which stages a field knows depends on the network: so the link is read again after it.
function takeLink() {
  for (let round = 0; round < 2; ++round) {
    offerStages();
    readLink(form);
  }
}

function showButtons() {
  const word = running ? "Pause" : begun ? "Go on" : "Train";
  for (const id of ["run", "run-small"]) $(id).classList.toggle("on", running);
  $("run").lastElementChild.textContent = word;
  $("run-small").setAttribute("aria-label", word);
  $("step").disabled = running;
}

function showFigures(part) {
  $("samples").textContent = number.format(part ? part.samples : 0);
  $("cost").textContent = part ? fixed(part.cost, 3) : "–";
  const rounded = Math.round(speed / 100) * 100;
  $("speed").textContent = speed && running ? number.format(rounded) : "–";
}

function showTest(accuracy) {
  const text = accuracy === null ? "–" : `${fixed(accuracy, 1)} %`;
  $("test-accuracy").textContent = text;
  $("status").replaceChildren(make("b", { textContent: text }), accuracy === null ? "" : " right");
}

/// A new network from the seed; the same settings give the same one.
export async function restart() {
  try {
    current = await network.ask("start", settings());
    images = await network.ask("size", "train");
    begun = finished = running = false;
    passes = settings().epochs;
    last = null;
    speed = clock = null;
    curve.clear();
    showFigures(null);
    showTest(null);
    showButtons();
    say("train-note", `${number.format(current.parameters)} weights, drawn at random from ` +
      `seed ${current.settings.seed}.`);
    tell("network");
    tell("weights");
  } catch (error) {
    say("train-note", error.message, "bad");
  }
}

/// The plan is through: as many passes again.
async function goOn() {
  passes = last.epoch + settings().epochs;
  await network.ask("change", { epochs: passes });
  finished = false;
}

export async function run() {
  try {
    if (finished) await goOn();
    const pace = document.querySelector("[name=pace]:checked").value;
    speed = clock = null;
    await network.ask("run", pace === "watch" ? TO_WATCH : null);
    running = true;
    showButtons();
    tell("running");
  } catch (error) {
    say("train-note", error.message, "bad");
  }
}

export async function pause() {
  running = false;
  await network.ask("pause");
  showButtons();
  showFigures(last);
  tell("running");
  tell("weights");
}
export const isRunning = () => running;

function progress(part) {
  const now = performance.now();
  if (clock !== null) {
    const pace = 1000 * part.images / (now - clock);
    speed = speed === null ? pace : speed + 0.1 * (pace - speed);
  }
  clock = now;
  last = part;
  begun = true;
  curve.add(part);
  showFigures(part);
  $("train-note").setAttribute("aria-live", running ? "off" : "polite");
  if (running)
    say("train-note", `Pass ${Math.min(part.epoch + 1, passes)} of ${passes} over ` +
      `${number.format(images)} images, rate ${Number(part.rate.toPrecision(2))}.`);
  tell("weights");
}

function stopped({ error }) {
  running = false;
  finished = !error;
  $("train-note").setAttribute("aria-live", "polite");
  showButtons();
  showFigures(last);
  if (error) say("train-note", error, "bad");
  else say("train-note", `Done: ${last.epoch} passes. Draw a digit, or go on.`, "good");
  tell("running");
  tell("weights");
}

/// How many of the test images it gets right; a part at a time, as the training allows.
async function judge() {
  if (!current || judging) return;
  judging = true;
  try {
    const images = await network.wait("size", "test");
    const samples = last?.samples ?? 0;
    let correct = 0, seen = 0;
    for (; seen < Math.min(images, 1000); seen += PART)
      correct += (await network.wait("evaluate", "test", seen, PART)).correct;
    const accuracy = 100 * correct / seen;
    if (samples > (last?.samples ?? 0)) return;  // it began again meanwhile
    showTest(accuracy);
    if (samples) curve.addTest({ samples, accuracy });
  } finally {
    judging = false;
  }
}

async function step() {
  try {
    if (finished) await goOn();
    const part = await network.ask("trainSteps", 1);
    if (part.images) progress(part);
    if (part.done) stopped({});
    else
      say("train-note", `One step: ${part.images} images, cost ${fixed(part.cost, 3)} before it.`);
  } catch (error) {
    say("train-note", error.message, "bad");
  }
}

async function changed({ target }) {
  const name = target.name;
  if (name === "network") offerStages();
  if (name === "data") return fetchData(target);
  if (["network", "seed", "stage"].includes(name)) return restart();
  try {
    const value = settings()[name];
    if (name === "epochs") {
      finished = false;
      passes = value;
    }
    await network.ask("change", { [name]: value });
  } catch (error) {
    say("train-note", error.message, "bad");
  }
}

function enable(yes) {
  for (const id of ["run", "run-small", "step", "again"]) $(id).disabled = !yes;
}

async function fetchData(field) {
  const all = field.value === "60000";
  try {
    await pause();
    say("train-note", "Fetching the images …");
    enable(false);
    field.disabled = true;
    await network.ask("fetchSet", "train", all ? "data/train" : "data/train-10000");
    await restart();
  } catch (error) {
    say("train-note", `The images did not come: ${error.message}`, "bad");
    field.value = all ? "10000" : "60000";
  } finally {
    field.disabled = false;
    enable(true);
  }
}

/// Called once the module and its data are there.
export async function begin() {
  enable(true);
  await restart();
  keepFresh($("status"), judge, "weights");
}

network.addEventListener("progress", ({ detail }) => progress(detail));
network.addEventListener("paused", ({ detail }) => stopped(detail));
$("run").onclick = $("run-small").onclick = () => running ? pause() : run();
$("step").onclick = step;
$("again").onclick = restart;
$("pace").onchange = () => { if (running) run(); };
$("settings").onchange = changed;
$("settings").onsubmit = (event) => event.preventDefault();
takeLink();
showButtons();
on("loaded", () => {
  begun = true;
  showButtons();
});
addEventListener("hashchange", () => {
  if (!carries("seed")) return;  // it only leads to a panel
  takeLink();
  restart();
});
