// SPDX-License-Identifier: MIT
// The page's end of the worker: questions go out, promises come back.

/// A worker with a module in it. Events: "progress" and "paused", their detail as
/// worker.mjs says.
export class Network extends EventTarget {
  #worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
  #open = new Map();
  #next = 1;

  constructor() {
    super();
    this.#worker.onmessage = ({ data }) => this.#take(data);
    this.#worker.onerror = (event) => {
      for (const { reject } of this.#open.values()) reject(
        new Error(event.message || "the browser does not start the worker"));
      this.#open.clear();
    };
  }

  #take({ id, value, error, event, ...detail }) {
    if (event) {
      this.dispatchEvent(new CustomEvent(event, { detail: { ...detail, error } }));
      return;
    }
    const { resolve, reject } = this.#open.get(id);
    this.#open.delete(id);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
  }

  #send(call, args, patient) {
    return new Promise((resolve, reject) => {
      this.#open.set(this.#next, { resolve, reject });
      this.#worker.postMessage({ id: this.#next++, call, args, patient });
    });
  }

  /// A method of the module, answered between two slices of the training.
  ask(call, ...args) { return this.#send(call, args, false); }

  /// The same, when the training has time for it.
  wait(call, ...args) { return this.#send(call, args, true); }

  close() { this.#worker.terminate(); }
}

/// A network of its own with the data loaded, for the panels that must not disturb the
/// training.
export async function another(module) {
  const network = new Network();
  await network.ask("open", module);
  await network.ask("fetchSet", "train", "data/train-10000");
  await network.ask("fetchSet", "test", "data/test-1000");
  return network;
}
