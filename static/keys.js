// Keys of the desk: j and k go through the list, x ticks, / searches, r replies, n writes a note, ? helps.
// Each does what a link, a box or a field of the page does too. They rest while somebody types, while a
// dialog is open, and where somebody has switched them off, which this browser remembers.
document.addEventListener("DOMContentLoaded", () => {
  const help = document.getElementById("keys");
  const on = help.querySelector("[data-keys-on]");
  const stored = "deskbell-keys";
  try { on.checked = localStorage.getItem(stored) !== "off"; } catch { /* storage is switched off: they are on */ }
  on.addEventListener("change", () => {
    try { localStorage.setItem(stored, on.checked ? "on" : "off"); } catch { /* then it holds for this page */ }
  });
  help.querySelector("[data-keys-close]").addEventListener("click", () => help.close());
  for (const button of document.querySelectorAll("[data-keys]")) {
    button.hidden = !help.showModal; // an old browser does without dialogs
    button.addEventListener("click", () => help.showModal());
  }

  const search = document.getElementById("q");
  const links = () => [...document.querySelectorAll(".table__title")];
  const row = () => document.activeElement?.closest("tr");
  const step = (by) => {
    const all = links();
    const at = all.indexOf(row()?.querySelector(".table__title"));
    all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  };
  const write = (kind) => {
    const form = document.querySelector("#composer form");
    const choice = form?.querySelector(`input[name="kind"][value="${kind}"]`);
    if (!choice) return;
    choice.click();
    form.querySelector("textarea").focus();
  };
  const keys = {
    j: () => step(1), k: () => step(-1),
    x: () => row()?.querySelector("[name=tickets]")?.click(),
    "/": () => { search?.focus(); search?.select(); },
    r: () => write("message"), n: () => write("note"),
    "?": () => help.showModal?.(),
  };
  const typing = (target) => target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])");

  document.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || !on.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || typing(event.target)) return;
    event.preventDefault();
    act();
  });
});
