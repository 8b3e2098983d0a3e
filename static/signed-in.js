// The last page of a sign-in's window: tells the forms of this origin that something has changed, without
// saying what, and closes itself when all went well. It needs no opener: a provider may have cut it off.
document.addEventListener("DOMContentLoaded", () => {
  const well = document.querySelector("[data-signed-in]").dataset.signedIn === "yes";
  if (window.BroadcastChannel) new BroadcastChannel("deskbell:identity").postMessage("changed");
  if (well) return window.close();
  const button = document.querySelector("[data-close]");
  button.hidden = false;
  button.onclick = () => window.close();
});
