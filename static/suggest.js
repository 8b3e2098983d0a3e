// Asks for suggestions from a word of three letters on, and empties the panel below that without a
// request. Of each text the end is sent: a long description fits no URL.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters, target } = event.detail;
  if (target?.id !== "suggestions") return;
  let word = false;
  for (const name of ["title", "description"]) {
    const text = parameters[name] ?? "";
    parameters[name] = Array.from(text).slice(-300).join("");
    word = word || /[\p{L}\p{N}]{3}/u.test(text.replace(/[\u0300-\u036f]/g, ""));
  }
  if (word) return;
  event.preventDefault();
  target.textContent = "";
  document.getElementById("suggestions-news").textContent = "";
});

// Says once that a suggestion was opened, in whatever tab: the team's numbers count forms, and no person.
function opened(event) {
  if (event.type === "auxclick" && event.button !== 1) return;
  const visit = document.getElementById("visit");
  if (!visit || visit.dataset.said || !event.target.closest?.(".suggestions__link")) return;
  visit.dataset.said = navigator.sendBeacon(visit.dataset.opened, new URLSearchParams({ visit: visit.value })) ? "yes" : "";
}
document.addEventListener("click", opened);
document.addEventListener("auxclick", opened);
