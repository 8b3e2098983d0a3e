// Shows times in the reader's zone and in the page's language, with the time in UTC as their title, and
// puts the lines between days where this zone has them. Without it all is in UTC, and says so.
document.addEventListener("DOMContentLoaded", () => {
  const lang = document.documentElement.lang;
  const locale = lang === "en" ? "en-GB" : lang;
  const time = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
  const line = document.querySelector(".conversation__day")?.cloneNode(true);

  const show = () => {
    for (const element of document.querySelectorAll("time[datetime*=T]:not([title])")) {
      if (element.closest(".conversation__day")) continue;
      element.title = element.textContent;
      element.textContent = time.format(new Date(element.dateTime));
    }
    if (line) days();
  };

  const days = () => {
    for (const old of document.querySelectorAll(".conversation__day")) old.remove();
    let before = "";
    for (const message of document.querySelectorAll("#conversation > .message")) {
      const written = message.querySelector("time");
      const today = day.format(new Date(written.dateTime));
      if (today === before) continue;
      before = today;
      const added = line.cloneNode(true);
      Object.assign(added.querySelector("time"), { dateTime: written.dateTime, textContent: today });
      const above = message.previousElementSibling;
      (above?.matches(".conversation__new") ? above : message).before(added);
    }
  };

  show();
  document.addEventListener("htmx:afterSettle", show);
});
