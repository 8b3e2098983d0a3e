// Shows the inbox anew once there is news of it. While somebody is at the list, points at it, has ticked or chosen
// something in it, it stays as it is: then the link that tells of the news leads there.
document.addEventListener("htmx:afterSettle", () => {
  const list = document.getElementById("list");
  const news = list?.querySelector("#poll .notice a");
  if (!news) return;
  const busy = list.matches(":hover") || list.contains(document.activeElement) || list.querySelector(":checked:not(option)") ||
    [...list.querySelectorAll("select")].some((choice) => choice.value);
  if (busy) return;
  document.getElementById("arrived").textContent = news.textContent.replace(/:.*/, "");
  htmx.ajax("GET", news.href, { target: "#list", select: "#list", swap: "outerHTML" });
});
