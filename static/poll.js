// Asks for new entries while somebody can see the page: every data-every seconds, and at once when
// the page becomes visible again. htmx does the asking and the swapping. What arrives below the window is
// announced by a link, which goes once its message has been on the screen.
document.addEventListener("DOMContentLoaded", () => {
  const ask = () => {
    const poll = document.getElementById("poll");
    if (poll && document.visibilityState === "visible") htmx.trigger(poll, "deskbell:poll");
  };
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  const poll = document.getElementById("poll");
  if (poll) setInterval(ask, Number(poll.dataset.every) * 1000);

  const below = document.getElementById("below");
  const reached = new IntersectionObserver((seen) => {
    if (seen.some(({ isIntersecting, boundingClientRect }) => isIntersecting || boundingClientRect.top < 0)) below.textContent = "";
  });
  let first = ""; // of the messages that nobody has reached
  const watch = () => {
    const link = below?.querySelector("a");
    if (!link) return;
    if (first && document.querySelector(first) && link.hash !== first && below.dataset.left) link.hash = first;
    first = link.hash;
    reached.disconnect();
    const message = document.querySelector(first);
    if (message) reached.observe(message);
  };
  watch();
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    if (detail.target === below) below.dataset.left = below.firstElementChild ? "1" : "";
  });
  document.addEventListener("htmx:afterSettle", watch);
});
