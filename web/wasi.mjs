// SPDX-License-Identifier: MIT
// The few calls to an operating system that the module's C library makes: words to say, the
// time. Whatever else it might ask for is refused.

const success = 0, notSupported = 58;

/** The system's functions for a module; `memory()` is its memory, `say` takes its words. */
export function systemFor(memory, say) {
  const text = new TextDecoder();
  const system = {
    fd_write(file, pieces, count, written) {
      const view = new DataView(memory());
      let words = "", total = 0;
      for (let i = 0; i < count; ++i) {
        const at = view.getUint32(pieces + 8 * i, true);
        const size = view.getUint32(pieces + 8 * i + 4, true);
        words += text.decode(new Uint8Array(memory(), at, size));
        total += size;
      }
      view.setUint32(written, total, true);
      if (words.trim()) say(words.trimEnd());
      return success;
    },
    clock_time_get(clock, precision, to) {
      const nanoseconds = BigInt(Math.round(performance.now() * 1e6));
      new DataView(memory()).setBigUint64(to, nanoseconds, true);
      return success;
    },
    proc_exit(status) {
      throw new Error(`the module ended with status ${status}`);
    },
  };
  return new Proxy(system, { get: (own, name) => own[name] ?? (() => notSupported) });
}
