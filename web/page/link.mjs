// SPDX-License-Identifier: MIT
// A link that carries seed and settings, behind the #, so that no server sees them:
//   #seed=7&network=small&rate=0.1

const names = ["seed", "network", "stage", "rate", "batch", "epochs", "lambda", "clip", "shift",
  "schedule"];

const carried = () => new URLSearchParams(location.hash.slice(1));

/// Whether the address has the word; "still" keeps the network from training by itself.
export const carries = (word) => carried().has(word);

/// Puts into the form's fields what the address carries; what a field does not know, or what
/// is no number within its bounds, is passed over.
export function readLink(form) {
  const link = carried();
  for (const name of names) {
    const field = form[name], value = link.get(name);
    if (value === null) continue;
    if (field.tagName === "SELECT") {
      if ([...field.options].some((option) => option.value === value)) field.value = value;
    } else if (/^\d{1,6}$/.test(value) && Number(value) >= field.min && Number(value) <= field.max)
      field.value = value;
  }
}

/// The address of this page with the settings of the moment.
export function linkTo(settings) {
  const link = new URL(location.href);
  link.hash = new URLSearchParams(names.map((name) => [name, settings[name]])).toString();
  return link.href;
}
