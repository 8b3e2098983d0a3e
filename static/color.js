// A colour is typed, or picked from the browser's own palette: both inputs say the same.
(() => {
  for (const picker of document.querySelectorAll("input[data-picks]")) {
    const typed = document.getElementById(picker.dataset.picks);
    typed.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(typed.value.trim())) picker.value = typed.value.trim();
    });
    picker.addEventListener("input", () => { typed.value = picker.value; });
    picker.hidden = false;
  }
})();
