// Draws every chart that an answer brings, and the map. `ast`: Vega interprets its expressions, nothing is evaluated.
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
      .then(() => place.querySelector("svg")?.setAttribute("aria-hidden", "true")) // read out as one, by its label
      .catch((fault) => { place.textContent = "This figure could not be drawn: " + fault.message; });
  }
}

// The map ------------------------------------------------------------------------------------------------

function ink(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

let places = {}; // where actors stood, so that they stay put from month to month

function elements(map, place) {
  const height = Math.min(1200, Math.max(560, (900 * place.clientHeight) / place.clientWidth)); // as the screen is
  const nodes = map.actors.map((each) => ({
    data: { id: each.id, name: each.name }, position: places[each.id] ||= { x: 900 * each.x, y: height * each.y },
  }));
  const ties = map.ties.map((each) => ({
    data: { id: "tie:" + each.tie, item: each.tie, source: each.giver, target: each.receiver, weight: each.leverage, colour: each.colour, name: each.text },
  }));
  const parts = map.parts.map(([part, whole]) => ({ data: { id: `part:${part}`, source: part, target: whole }, classes: "part", selectable: false }));
  return [...nodes, ...parts, ...ties];
}

function mapStyle() {
  const text = { color: ink("--ink"), "text-outline-color": ink("--paper"), "text-outline-width": 2.5 };
  return [
    { selector: "node", style: { label: "data(name)", "background-color": ink("--quiet"), ...text, "font-size": 13, "text-wrap": "wrap", "text-max-width": 110, "text-valign": "bottom", "text-margin-y": 5, width: 18, height: 18 } },
    { selector: "edge[colour]", style: { width: "mapData(weight, 0, 0.6, 0.8, 13)", "line-color": "data(colour)", "line-opacity": 0.75, "target-arrow-color": "data(colour)", "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier", "control-point-step-size": 34 } },
    { selector: ".part", style: { width: 1.5, "line-style": "dashed", "line-color": ink("--quiet"), "target-arrow-shape": "none", events: "no" } },
    { selector: "node:selected", style: { "background-color": ink("--mark") } },
    { selector: "edge:selected", style: { "line-opacity": 1, label: "data(name)", ...text, "font-size": 12, "underlay-color": ink("--mark"), "underlay-opacity": 0.4, "underlay-padding": 5 } },
  ];
}

function drawMap(root) {
  const place = root.querySelector("#graph") || document.getElementById("graph");
  if (!place || place.dataset.drawn) return;
  place.dataset.drawn = "yes";
  const map = JSON.parse(document.getElementById("graph-data").textContent);
  const graph = cytoscape({
    container: place, elements: elements(map, place), style: mapStyle(), maxZoom: 3, minZoom: 0.2,
    layout: { name: "preset", padding: 20 },
  });
  const shrunk = Math.min(2.2, Math.max(1, 1 / graph.zoom())); // on a small screen words stay readable
  graph.nodes().style({ "font-size": 13 * shrunk, "text-max-width": 110 * shrunk });
  graph.fit(graph.elements(), 20);
  // What unfolds above the map moves it, and nothing tells Cytoscape where it is now.
  for (const kind of ["pointerenter", "pointerdown"]) place.addEventListener(kind, () => graph.resize(), true);
  graph.on("dragfree", "node", (event) => { places[event.target.id()] = { ...event.target.position() }; });
  graph.on("select", "node, edge", (event) => {
    const item = event.target.data("item") || event.target.id();
    const asOf = place.dataset.asOf ? "?as_of=" + encodeURIComponent(place.dataset.asOf) : "";
    htmx.ajax("GET", `/cases/${place.dataset.case}/items/${item}${asOf}`, { target: "#detail" });
  });
  place.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = graph.elements(":selectable").not(".part"), at = all.toArray().findIndex((each) => each.selected());
    all.unselect();
    all[(at + step + all.length) % all.length].select();
  });
  window.suasionMap = graph;
}

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

function draw(root) { drawCharts(root); drawMap(root); }
if (window.htmx) htmx.onLoad(draw);
else document.addEventListener("DOMContentLoaded", () => draw(document));
