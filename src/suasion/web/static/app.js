// Draws every chart that an answer brings. `ast`: Vega interprets its expressions, nothing is evaluated.
"use strict";

const OPTIONS = {
  mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false, logLevel: 1,
  tooltip: { theme: "custom", disableDefaultStyle: true },
};

function drawCharts(root) {
  for (const data of root.querySelectorAll("script[data-chart]")) {
    const place = document.getElementById(data.dataset.chart);
    if (!place || place.dataset.drawn) continue;
    place.dataset.drawn = "yes";
    vegaEmbed(place, JSON.parse(data.textContent), OPTIONS)
      .then(() => { place.querySelector("svg")?.setAttribute("aria-hidden", "true"); fit(place); }) // read out as one, by its label
      .catch((fault) => { place.textContent = "This figure could not be drawn: " + fault.message; });
  }
}

// A figure wider than its place shrinks to fit it while its words can be read; then it scrolls.
const LEAST = 0.75;
function fit(place) {
  const svg = place.querySelector("svg"), room = place.parentElement.clientWidth;
  if (!svg || !room) return;
  const { x, width } = svg.getBBox(), wide = Math.max(svg.getAttribute("width"), x + width); // long words may stand out
  place.style.zoom = Math.min(1, Math.max(LEAST, room / wide));
}
addEventListener("resize", () => { for (const place of document.querySelectorAll(".chart")) fit(place); });

// Forms --------------------------------------------------------------------------------------------------

// Empty fields stay out of the address, so that it can be read and sent on.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("form.asking")) return;
  const { formData } = event.detail, all = [...new FormData(event.detail.elt)];
  for (const key of new Set(formData.keys())) formData.delete(key);
  for (const [key, value] of all) if (value !== "") formData.append(key, value);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form.asking")) event.preventDefault();
});
document.addEventListener("input", (event) => {
  const shown = event.target.id && document.querySelector(`output[for="${event.target.id}"]`);
  if (shown) shown.textContent = event.target.value;
});

if (window.htmx) htmx.onLoad(drawCharts);
else document.addEventListener("DOMContentLoaded", () => drawCharts(document));
