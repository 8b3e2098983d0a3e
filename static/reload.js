// Keeps what is typed and not sent over a reload, which some browsers begin with empty forms: in this tab's own
// storage, until the next page. Passwords and files are not kept.
(() => {
  const place = "deskbell-typed";
  const boxes = "[type=checkbox], [type=radio]";
  const fields = () => [...document.querySelectorAll("form[method=post] input, form[method=post] textarea, form[method=post] select")]
    .filter((field) => !field.matches("[type=hidden], [type=password], [type=file], [autocomplete=one-time-code]"));
  const name = (field) => [[...document.forms].indexOf(field.form), field.name, field.matches(boxes) ? field.value : ""].join("/");
  const typed = (field) => {
    if (field.matches(boxes)) return field.checked !== field.defaultChecked;
    return field.options ? !field.selectedOptions[0]?.defaultSelected : field.value !== field.defaultValue;
  };
  const put = (kept) => {
    for (const field of fields()) {
      const value = kept[name(field)];
      if (value === undefined) continue;
      if (field.matches(boxes)) field.checked = value;
      else if (field.value !== value) {
        field.value = value;
        if (field.options) field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  };

  let sending = false;
  document.addEventListener("submit", (event) => { sending = !event.defaultPrevented; });
  window.addEventListener("pagehide", () => {
    const kept = Object.fromEntries(fields().filter(typed).map((field) => [name(field), field.matches(boxes) ? field.checked : field.value]));
    try {
      if (!sending) sessionStorage.setItem(place, JSON.stringify({ at: location.href, kept }));
    } catch { /* storage is switched off or full: the draft of the desk is on the server */ }
  });

  try {
    const { at, kept } = JSON.parse(sessionStorage.getItem(place) ?? "{}");
    sessionStorage.removeItem(place);
    if (at !== location.href || performance.getEntriesByType("navigation")[0]?.type !== "reload") return;
    document.addEventListener("DOMContentLoaded", () => put(kept));
    document.addEventListener("htmx:afterSettle", ({ detail }) => { if (detail.target.id === "fields") put(kept); }, { once: true });
  } catch { /* as above */ }
})();
