// Uploads files as soon as they are chosen, dropped or pasted: each with its progress, a line of the
// server's when it is there, and why where it failed. Without this script files go with the form.
(() => {
  const atOnce = 3;
  const waiting = [];
  const running = new Set();
  let held; // a submission that waits for the last file

  const zones = "[data-url].upload";
  const inputOf = (zone) => zone.querySelector("input[type=file]");
  const listOf = (zone) => zone.querySelector(".upload__list");
  const fresh = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
  const news = () => document.getElementById("upload-news");
  const say = (text) => { news().textContent = text; };
  // text returns one of the page's texts, in its language, with what stands in its places.
  const text = (name, ...args) => news().dataset[name].replace(/\{(\d)\}/g, (_, n) => args[n]);

  // zoneOf is where files go that were let go over an element: its own place, or that of its form.
  const zoneOf = (element) => element.closest?.(zones)
    ?? element.closest?.("form")?.querySelector("input[name=attachments]")?.closest(zones);

  function take(zone, files) {
    for (const file of files) {
      const line = fresh("upload-progress");
      line.querySelector(".attachment__name").textContent = file.name;
      listOf(zone).append(line);
      const job = { zone, file, line };
      if (file.size > Number(zone.dataset.most)) {
        fail(job, text("tooLarge", file.name, zone.dataset.mostText));
      } else {
        line.querySelector("[data-cancel]").onclick = () => cancel(job);
        waiting.push(job);
      }
    }
    next();
  }

  function next() {
    while (running.size < atOnce && waiting.length > 0) send(waiting.shift());
    if (running.size > 0 || !held) return;
    const { form, submitter } = held;
    held = undefined;
    // A file that was refused is a reason to look again.
    if (!form.isConnected || form.querySelector(".attachment--failed")) return;
    (submitter ?? form.querySelector(".form__actions button")).click(); // older Safaris know no requestSubmit
  }

  function send(job) {
    const form = job.zone.closest("form");
    const body = new FormData();
    for (const name of ["form_key", "customer_token"]) {
      const value = form.elements[name]?.value;
      if (value) body.append(name, value);
    }
    body.append(inputOf(job.zone).name, job.file);
    const request = new XMLHttpRequest();
    job.request = request;
    running.add(job);
    request.upload.onprogress = ({ loaded, total }) => { job.line.querySelector("progress").value = loaded / total; };
    request.onload = () => answered(job, request);
    request.onerror = () => fail(job, text("notSent", job.file.name), true);
    request.onloadend = () => { running.delete(job); next(); };
    request.open("POST", job.zone.dataset.url);
    request.setRequestHeader("HX-Request", "true");
    request.send(body);
  }

  function answered(job, request) {
    const answer = document.createElement("template");
    answer.innerHTML = request.responseText;
    const lines = answer.content.querySelectorAll("li.attachment");
    if (lines.length === 0) {
      const why = answer.content.querySelector("[data-message]")?.textContent.trim() || text("refused");
      return fail(job, `“${job.file.name}”: ${why}`, request.status >= 500 || request.status === 429);
    }
    const refused = lines[0].querySelector("span")?.textContent;
    if (lines[0].matches("[data-failed]")) return fail(job, refused);
    job.line.replaceWith(...lines);
    lines.forEach((line) => htmx.process(line));
    say(text("added", job.file.name));
    remember(job.zone.closest("form"));
  }

  function fail(job, why, again) {
    const line = fresh("upload-failed");
    line.querySelector("span").textContent = why;
    line.querySelector("[data-dismiss]").onclick = () => leave(job.zone, line);
    const retry = line.querySelector("[data-again]");
    retry.hidden = !again;
    retry.onclick = () => { line.remove(); take(job.zone, [job.file]); };
    job.line.replaceWith(line);
    say(why);
  }

  function cancel(job) {
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    job.request?.abort();
    leave(job.zone, job.line);
    say(text("left", job.file.name));
  }

  // leave removes a line; the focus, which was in it, stays near.
  function leave(zone, line) {
    line.remove();
    inputOf(zone).focus();
  }

  // remember puts the form's key into the address, so that the files are there again after a reload.
  function remember(form) {
    if (!form?.querySelector("[data-keep]")) return;
    const url = new URL(location.href);
    url.searchParams.set("form", form.elements.form_key.value);
    history.replaceState(history.state, "", url);
  }

  const hasFiles = (data) => data && Array.from(data.types).includes("Files");
  const over = (zone) => document.querySelectorAll(".upload--over")
    .forEach((other) => { if (other !== zone) other.classList.remove("upload--over"); });

  document.addEventListener("change", ({ target }) => {
    const zone = target.matches?.("input[type=file]") && target.closest(zones);
    if (!zone || target.files.length === 0) return;
    take(zone, Array.from(target.files));
    target.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault(); // a file that misses its place must not replace the page
    const zone = zoneOf(event.target);
    event.dataTransfer.dropEffect = zone ? "copy" : "none";
    over(zone);
    zone?.classList.add("upload--over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    over();
    const zone = zoneOf(event.target);
    if (zone) take(zone, Array.from(event.dataTransfer.files));
  });
  document.addEventListener("paste", (event) => {
    const files = Array.from(event.clipboardData?.files ?? []);
    const zone = zoneOf(event.target);
    // A spreadsheet's cells come as text and as a picture of it: the text is meant.
    if (!zone || files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(zone, files);
  });
  document.addEventListener("submit", (event) => {
    const busy = [...running, ...waiting].some((job) => job.zone.closest("form") === event.target);
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { form: event.target, submitter: event.submitter };
    say(text("held"));
  }, true);
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const button = detail.requestConfig.elt;
    if (button.name !== "remove_upload" || detail.isError) return;
    inputOf(button.closest(zones)).focus(); // before the button goes, and the focus with it
  });
  const show = (root) => root.querySelectorAll?.(`${zones} [data-drop]`).forEach((hint) => { hint.hidden = false; });
  document.addEventListener("DOMContentLoaded", () => show(document));
  document.addEventListener("htmx:load", ({ target }) => show(target));
})();
