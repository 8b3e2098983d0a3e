// Says when the browser is offline, and sends nothing then: what somebody wants to send waits here, with all
// that was typed, and goes out once the line is back, unless they have gone on writing. What htmx would ask
// for meanwhile is asked for then. What is on its way is not sent twice by an impatient second click.
(() => {
  const patience = 5000; // milliseconds: then something was lost, and sending again is right
  const place = document.getElementById("problem");
  let held; // the form that waits for the line, with its button
  const missed = new Map(); // what caused the last request of an element that htmx could not send
  let sent; // the form that is on its way, with its button, and since when
  const show = (id) => {
    place.textContent = "";
    place.append(document.getElementById(id).content.cloneNode(true));
  };
  const send = ({ form, submitter }) => {
    if (form.requestSubmit) form.requestSubmit(submitter);
    else (submitter ?? form.querySelector(".form__actions button, button")).click(); // older Safaris
  };
  // Where a form goes to the address of its own page, a browser that fails puts its own page into the place
  // of the form's, and the way back would lead past it: with another address both have their places.
  const keepItsPlace = (form) => {
    const action = new URL(form.getAttribute("action"), location.href);
    if (action.href === location.href) history.replaceState(history.state, "", `#${form.id || "main"}`);
  };

  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { form: event.target, submitter: event.submitter };
    show("offline");
  }, true);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    missed.set(event.detail.elt, event.detail.requestConfig.triggeringEvent);
  });
  document.addEventListener("input", ({ target }) => { if (held?.form === target.form) held = undefined; });

  window.addEventListener("offline", () => { if (document.querySelector("main form")) show("offline"); });
  window.addEventListener("online", () => {
    const form = held?.form;
    // A file that did not arrive is a reason to look again.
    const goes = form?.isConnected && !form.querySelector(".attachment--failed");
    if (goes) place.textContent = "";
    else if (document.querySelector("main form")) show("online");
    if (goes) send(held);
    held = undefined;
    for (const [element, cause] of missed) {
      if (element.isConnected) cause?.target.dispatchEvent(new Event(cause.type, { bubbles: true }));
    }
    missed.clear();
  });

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // htmx sends it, and has its own way of waiting
    const { target: form, submitter } = event;
    const again = sent?.form === form && sent.submitter === submitter && event.timeStamp - sent.at < patience;
    if (again) event.preventDefault();
    else {
      sent = { form, submitter, at: event.timeStamp };
      keepItsPlace(form);
    }
  });
  window.addEventListener("pageshow", () => { sent = undefined; });
})();
