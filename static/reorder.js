// Puts the rows of a table in another order: each is dragged by its handle, with a mouse, a pen or a
// finger. The rows carry the inputs of the form "order", which goes out when one is dropped elsewhere.
// Keyboards have the buttons of each row.
(() => {
  const form = document.getElementById("order");
  const middle = (row) => (({ top, bottom }) => (top + bottom) / 2)(row.getBoundingClientRect());
  let drag = null; // the row on its way, its pointer, and the rows as they were
  let before = [];

  const listeners = {
    pointerdown(event) {
      const handle = event.target.closest(".table__handle");
      if (!handle || drag || event.button !== 0 || form.matches(".htmx-request")) return;
      handle.setPointerCapture(event.pointerId);
      drag = { row: handle.closest("tr"), pointer: event.pointerId };
      drag.row.classList.add("table__row--dragged");
      before = [...drag.row.parentElement.children];
    },
    pointermove({ pointerId, clientY }) {
      if (pointerId !== drag?.pointer) return;
      const { row } = drag;
      // The others move around it: a row that is taken out and put in again would lose its pointer.
      while (row.nextElementSibling && clientY > middle(row.nextElementSibling)) row.before(row.nextElementSibling);
      while (row.previousElementSibling && clientY < middle(row.previousElementSibling)) row.after(row.previousElementSibling);
      row.scrollIntoView({ block: "nearest" });
    },
    pointerup: ({ pointerId }) => { if (pointerId === drag?.pointer) drop(); },
    pointercancel: ({ pointerId }) => { if (pointerId === drag?.pointer) { restore(); drop(); } },
    keydown: ({ key }) => { if (drag && key === "Escape") { restore(); drop(); } },
    "htmx:afterRequest"({ detail }) {
      if (detail.elt !== form || detail.successful) return;
      restore(); // what the server did not take
    },
  };
  const restore = () => before[0].parentElement.append(...before);
  const drop = () => {
    const { row } = drag;
    drag = null;
    row.classList.remove("table__row--dragged");
    if ([...row.parentElement.children].every((other, i) => other === before[i])) return;
    form.elements.moved.value = row.dataset.key;
    form.requestSubmit();
  };

  if (!form.requestSubmit) return; // an older Safari: its users have the buttons too
  form.hidden = false;
  for (const [event, listener] of Object.entries(listeners)) document.addEventListener(event, listener);
})();
