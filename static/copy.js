// Copies what stands in a field: each button with data-copy names the field by its id. The buttons
// are hidden in the page, because without this script they would do nothing.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      button.hidden = true; // not allowed here: the text is selected, and can be copied by hand
    }
  });
});
