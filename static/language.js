// A switch of languages loads the page anew, with what was typed: htmx, which would put the answer
// into a part of the page, does not see it. Files that are on their way come first (upload.js).
document.addEventListener("submit", (event) => {
  if (event.submitter?.closest(".languages")) event.stopImmediatePropagation();
}, true);
