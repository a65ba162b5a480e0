// Draws every chart that an answer brings. `ast`: Vega interprets its expressions, nothing is evaluated.
"use strict";

const OPTIONS = {
  mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false, logLevel: 1,
  tooltip: { theme: "custom", disableDefaultStyle: true },
};

const PHONE = matchMedia("(max-width: 40rem)"); // figures that cannot bend come drawn for it besides
let charts = []; // each with its look, which is all of it but its numbers, where it stands, and its view

async function drawCharts(root) {
  const every = root.querySelectorAll("script[data-chart]");
  for (const data of every) {
    const place = document.getElementById(data.dataset.chart);
    if (!place || place.dataset.drawn) continue;
    const narrow = PHONE.matches && root.querySelector(`script[data-narrow="${data.dataset.chart}"]`);
    try { (await chart(place, JSON.parse((narrow || data).textContent))).dataset.drawn = "yes"; }
    catch (fault) { place.textContent = "This figure could not be drawn: " + fault.message; }
  }
  if (!every.length) return;
  for (const { place, view } of charts) if (!place.isConnected) view.finalize();
  charts = charts.filter(({ place }) => place.isConnected);
}

// A chart of the answer before takes the new numbers where it looks the same, in a tenth of the time of a new one.
async function chart(place, spec) {
  place.dataset.drawn = "no";
  const { datasets = {}, ...rest } = spec, look = JSON.stringify(rest);
  const before = charts.find((each) => each.look === look && !each.place.isConnected);
  if (before) {
    for (const name of ["id", "aria-label", "data-drawn"]) before.place.setAttribute(name, place.getAttribute(name));
    place.replaceWith(before.place);
    for (const [name, rows] of Object.entries(datasets)) before.view.data(name, rows);
    await before.view.resize().runAsync();
    return before.place;
  }
  const { view } = await vegaEmbed(place, spec, OPTIONS);
  place.querySelector("svg")?.setAttribute("aria-hidden", "true"); // read out as one, by its label
  fit(place);
  charts.push({ look, place, view });
  return place;
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
// What comes with the page is not read out by itself: its first sentence is.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!detail.requestConfig?.elt.matches("form.asking")) return;
  const said = document.querySelector("#answers .said li");
  document.getElementById("announced").textContent = said ? said.firstChild.textContent.trim() : "";
});
// A workbench that is started anew is asked again about the job.
document.addEventListener("htmx:sendError", ({ target }) => {
  if (target.matches(".job")) setTimeout(() => htmx.trigger(target, "again"), 2000);
});
document.addEventListener("input", (event) => {
  const shown = event.target.id && document.querySelector(`output[for="${event.target.id}"]`);
  if (shown) shown.textContent = event.target.value;
});

if (window.htmx) htmx.onLoad(drawCharts);
else document.addEventListener("DOMContentLoaded", () => drawCharts(document));
