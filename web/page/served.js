// SPDX-License-Identifier: MIT
// A browser loads no modules from a file that was opened by hand; this is no module, so it
// can say so.
if (location.protocol === "file:") {
  addEventListener("DOMContentLoaded", () => {
    const sorry = document.getElementById("sorry");
    sorry.textContent = "A browser runs this page only when a server sends it: ./learn web " +
      "starts one and says its address.";
    sorry.hidden = false;
    document.getElementById("status").textContent = "";
  });
}
