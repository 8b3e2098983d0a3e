// Opens sign-ins in a window of their own, and shows in the form who has signed in: the window says on a
// channel of this origin that something has changed, and the form asks its own server what. A window that
// the browser blocks becomes a tab, as the link says.
(() => {
  const ask = () => { if (document.getElementById("identity")?.hasAttribute("hx-post")) htmx.trigger("#identity", "deskbell:identity"); };
  if (window.BroadcastChannel) new BroadcastChannel("deskbell:identity").onmessage = ask;
  else window.addEventListener("focus", ask);

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-popup]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (window.open(link.href, "_blank", "popup,width=520,height=760")) event.preventDefault();
  });

  // The countdown: quiet, by the minute, and at its end the form asks who is left.
  let ends = 0, timer;
  const count = () => {
    clearTimeout(timer);
    const person = document.querySelector("#identity [data-seconds]");
    if (!person) return;
    const left = ends - Date.now();
    if (left <= 0) return ask();
    const minutes = Math.ceil(left / 60000);
    const words = document.querySelector("#identity [data-left]");
    words.textContent = (minutes === 1 ? words.dataset.one : words.dataset.more).replace("{0}", minutes);
    timer = setTimeout(count, left - (minutes - 1) * 60000 + 20);
  };
  const begin = () => {
    const seconds = Number(document.querySelector("#identity [data-seconds]")?.dataset.seconds);
    if (!seconds) return;
    ends = Date.now() + seconds * 1000;
    count();
  };
  document.addEventListener("DOMContentLoaded", begin);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") count(); });

  // The focus stays near when what had it is replaced, unless somebody has gone on to another field meanwhile.
  let within = false;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "identity") within = detail.target.contains(document.activeElement);
  });
  document.addEventListener("htmx:load", ({ detail }) => {
    if (detail.elt.id !== "identity") return;
    begin();
    if (within && document.activeElement === document.body) (document.getElementById("person") ?? document.getElementById("email"))?.focus();
  });
})();
