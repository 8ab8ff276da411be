// SPDX-License-Identifier: MIT
// What all panels share: the network, the picture that is looked at, and who wants to know
// when one of them changes.
import { Network } from "./network.mjs";

export const network = new Network();
export const $ = (id) => document.getElementById(id);
export const events = new EventTarget();

/// The 28 x 28 bytes of the moment; label is null where nobody has said what it is.
export const picture = { pixels: new Uint8Array(784), label: null };

export function setPicture(pixels, label = null) {
  picture.pixels = pixels;
  picture.label = label;
  tell("picture");
}

/// "picture", "weights" (they have changed), "network" (another one), "running".
export const tell = (name) => events.dispatchEvent(new Event(name));
export const on = (name, react) => events.addEventListener(name, react);

/// A line under a panel; `tone` is "", "good" or "bad".
export function say(id, text, tone = "") {
  const note = $(id);
  note.className = `note ${tone}`;
  if (note.textContent !== text) note.textContent = text;
}

export const number = new Intl.NumberFormat("en");
export const fixed = (value, digits) => value.toFixed(digits).replace("-", "\u2212");

/// A number of a map, short enough for a cell.
export function short(value) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.001) return value.toExponential(0).replaceAll("-", "\u2212");
  return fixed(value, size < 0.1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0);
}

/// An element with attributes, properties and children.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  element.append(...children);
  return element;
}
