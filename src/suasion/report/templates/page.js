// Draws every chart of the page. Text and lines take the page's own ink, so dark mode and print need nothing more.
for (const data of document.querySelectorAll("script[data-chart]")) {
  const place = document.getElementById(data.dataset.chart);
  vegaEmbed(place, JSON.parse(data.textContent), {
    mode: "vega-lite", renderer: "svg", actions: false, tooltip: { theme: "custom" },
  }).catch((fault) => { place.textContent = "This figure could not be drawn: " + fault.message; });
}
// What is folded on screen is wanted on paper.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("main > section > details")) folded.open = true;
});
// A link into a folded part opens it.
addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  target?.closest("details")?.setAttribute("open", "");
});
