// Asks for new entries while somebody can see the page: every data-every seconds, and at once when
// the page becomes visible again. htmx does the asking and the swapping.
document.addEventListener("DOMContentLoaded", () => {
  const ask = () => {
    const poll = document.getElementById("poll");
    if (poll && document.visibilityState === "visible") htmx.trigger(poll, "deskbell:poll");
  };
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  const poll = document.getElementById("poll");
  if (poll) setInterval(ask, Number(poll.dataset.every) * 1000);
});
