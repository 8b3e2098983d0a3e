// Shortens what is sent for suggestions to the end of each text: a long description fits no URL.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.target?.id !== "suggestions") return;
  for (const name of ["title", "description"]) {
    const text = detail.parameters[name];
    if (typeof text === "string") detail.parameters[name] = Array.from(text).slice(-300).join("");
  }
});
