// Loses nothing that is typed while the fields of another ticket type are on their way: what has come
// too early for that is asked for once more, instead of shown.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "fields" || !detail.shouldSwap) return;
  const answers = (data) => JSON.stringify([...data].filter(([name]) => name.startsWith("field_")));
  if (answers(detail.requestConfig.formData) === answers(new FormData(document.getElementById("form")))) return;
  detail.shouldSwap = false;
  htmx.trigger("#type", "change");
});
