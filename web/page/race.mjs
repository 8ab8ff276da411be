// SPDX-License-Identifier: MIT
// The race of stages 05, 07 and 09 over the same training images: a lane each, one after the
// other, for a browser lends us one core.
import { another } from "./network.mjs";
import { $, fixed, make, number, on, say } from "./page.mjs";
import { isRunning, pause } from "./train.mjs";

const IMAGES = 1024;
const PARTS = { 5: 16, 7: 64, 9: 128 };  // images between two looks at the bars
const names = { 5: ["05", "plain loops"], 7: ["07", "SIMD lanes"], 9: ["09", "Winograd"] };

function lay() {
  $("lanes").replaceChildren();
  return Object.fromEntries(Object.entries(names).map(([stage, [short, words]]) => {
    const bar = make("i"), text = make("span", { textContent: "–" });
    $("lanes").append(make("p", {}, make("b", { textContent: `stage ${short}` }),
      make("small", { textContent: words }), make("span", { className: "track" }, bar), text));
    return [stage, { bar, text, speed: 0, done: 0 }];
  }));
}

/// All images once, a part at a time.
async function drive(runner, stage, lane, draw) {
  for (let first = 0; first < IMAGES; first += PARTS[stage]) {
    const { images, seconds } = await runner.ask("race", Number(stage), first, PARTS[stage]);
    Object.assign(lane, { speed: images / seconds, done: images / IMAGES });
    draw();
  }
}

async function race() {
  $("race-run").disabled = true;
  const lanes = lay();
  const draw = () => {
    const most = Math.max(...Object.values(lanes).map(({ speed }) => speed), 1);
    for (const { bar, text, speed } of Object.values(lanes)) {
      bar.style.transform = `scaleX(${speed / most})`;
      text.textContent = speed ? `${number.format(Math.round(speed))} images/s` : "–";
    }
  };
  let runner = null;
  try {
    if (isRunning()) await pause();
    say("race-note", "The training rests meanwhile.");
    runner = await another("cnn.wasm");
    for (const stage of Object.keys(names)) await drive(runner, stage, lanes[stage], draw);
    const times = lanes[9].speed / lanes[5].speed;
    say("race-note", `Stage 09 is ${fixed(times, 0)} times as quick as stage 05, on one core ` +
      "of this machine.", "good");
  } catch (error) {
    say("race-note", error.message, "bad");
  }
  runner?.close();
  $("race-run").disabled = false;
}

$("race-run").onclick = race;
on("ready", () => { $("race-run").disabled = false; });
lay();
