// SPDX-License-Identifier: MIT
// The panel Keep: weights out and in, and the link.
import { linkTo } from "./link.mjs";
import { $, make, network, on, say, tell } from "./page.mjs";
import { settings } from "./train.mjs";

async function save() {
  try {
    const bytes = await network.ask("saveWeights");
    const file = new Blob([bytes], { type: "application/octet-stream" });
    const address = URL.createObjectURL(file);
    make("a", { href: address, download: "digits.safetensors" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    say("keep-note", "digits.safetensors lies among your downloads.", "good");
  } catch (error) {
    say("keep-note", error.message, "bad");
  }
}

async function load({ target }) {
  const file = target.files[0];
  target.value = "";
  if (!file) return;
  try {
    await network.ask("loadWeights", new Uint8Array(await file.arrayBuffer()), file.name);
    say("keep-note", `The network now has the weights of ${file.name}.`, "good");
    tell("loaded");
    tell("weights");
  } catch (error) {
    say("keep-note", error.message, "bad");
  }
}

async function share() {
  const link = linkTo(settings());
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    say("keep-note", "The link is copied; it begins with the same seed and settings.", "good");
  } catch {
    say("keep-note", "The link stands in the address bar; it begins with the same seed and " +
      "settings.", "good");
  }
}

$("save").onclick = save;
$("load").onchange = load;
$("share").onclick = share;
on("ready", () => {
  for (const id of ["save", "load"]) $(id).disabled = false;
});
