// Keeps what stands in an answer form when somebody leaves its page within the second that htmx waits.
document.addEventListener("DOMContentLoaded", () => {
  const keeper = document.getElementById("keeper");
  const form = keeper?.closest("form");
  if (!form) return;
  let typed = false;
  keeper.addEventListener("input", () => { typed = true; });
  keeper.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.elt === keeper && detail.successful) typed = false; });
  window.addEventListener("pagehide", () => {
    if (!typed) return;
    const all = new FormData(form);
    const body = new URLSearchParams(["form_key", "kind", "message"].map((name) => [name, all.get(name) ?? ""]));
    navigator.sendBeacon(keeper.dataset.draft, body); // a text that the form has sent is not kept again
  });
});
