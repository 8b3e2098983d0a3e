// Says what went wrong with a request of htmx: the server's own words where it sent them for that
// place, else that it could not be reached. What was typed stays where it is.
(() => {
  const place = () => document.getElementById("problem");
  const clear = () => { if (place()) place().textContent = ""; };
  const unreachable = () => {
    clear();
    place()?.append(document.getElementById("unreachable").content.cloneNode(true));
  };
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status < 400 || detail.xhr.status === 422) return;
    if (detail.xhr.getResponseHeader("HX-Retarget")) detail.shouldSwap = true;
    else unreachable();
  });
  document.addEventListener("htmx:sendError", unreachable);
  document.addEventListener("htmx:timeout", unreachable);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful) clear();
  });
})();
