// Draws every chart that an answer brings, and the map. `ast`: Vega interprets its expressions, nothing is evaluated.
"use strict";

const OPTIONS = {
  mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false,
  tooltip: { theme: "custom", disableDefaultStyle: true },
};

function drawCharts(root) {
  for (const data of root.querySelectorAll("script[data-chart]")) {
    const place = document.getElementById(data.dataset.chart);
    if (!place || place.dataset.drawn) continue;
    place.dataset.drawn = "yes";
    vegaEmbed(place, JSON.parse(data.textContent), OPTIONS)
      .catch((fault) => { place.textContent = "This figure could not be drawn: " + fault.message; });
  }
}

// The map ------------------------------------------------------------------------------------------------

function ink(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

function elements(data) {
  const tops = [...new Set(data.parent.filter((parent, i) => parent !== data.actor[i]))];
  const known = new Set(data.actor);
  const nodes = data.actor.map((id, i) => ({
    data: { id, name: data.name[i], parent: parentOf(id, data.parent[i], tops) },
  }));
  for (const id of tops) if (!known.has(id)) nodes.push({ data: { id, name: id } });
  const edges = data.tie.map((id, i) => ({
    data: { id: "tie:" + id, item: id, source: data.giver[i], target: data.receiver[i], weight: data.leverage[i], name: data.text[i] },
  }));
  return [...nodes, ...edges];
}

function parentOf(id, parent, tops) { return parent !== id && tops.includes(parent) ? parent : undefined; }

function mapStyle() {
  return [
    { selector: "node", style: { label: "data(name)", "background-color": ink("--bar"), color: ink("--ink"), "font-size": 13, "text-wrap": "wrap", "text-max-width": 120, "text-valign": "bottom", "text-margin-y": 4, width: 22, height: 22, "text-outline-color": ink("--paper"), "text-outline-width": 2 } },
    { selector: ":parent", style: { "background-color": ink("--panel"), "border-color": ink("--line"), "border-width": 1, shape: "round-rectangle", "text-valign": "top", "font-weight": 600, "text-outline-color": ink("--paper") } },
    { selector: "edge", style: { width: "mapData(weight, 0, 0.6, 0.8, 14)", "line-color": ink("--bar"), "line-opacity": 0.55, "target-arrow-color": ink("--bar"), "target-arrow-shape": "triangle", "arrow-scale": 0.9, "curve-style": "bezier" } },
    { selector: ":selected", style: { "background-color": ink("--mark"), "line-color": ink("--mark"), "target-arrow-color": ink("--mark"), "line-opacity": 1 } },
  ];
}

let places = null; // where actors stood, so that they stay put from month to month

function drawMap(root) {
  const place = root.querySelector("#graph") || document.getElementById("graph");
  if (!place || place.dataset.drawn) return;
  place.dataset.drawn = "yes";
  const { data } = JSON.parse(document.getElementById("graph-data").textContent);
  const graph = cytoscape({
    container: place, elements: elements(data), style: mapStyle(), maxZoom: 3, minZoom: 0.2, wheelSensitivity: 0.3,
    layout: places ? { name: "preset", positions: (node) => places[node.id()] }
      : { name: "cose", animate: false, randomize: false, nodeRepulsion: () => 90000, idealEdgeLength: () => 110, nodeOverlap: 40, padding: 20 },
  });
  graph.ready(() => { places = Object.fromEntries(graph.nodes(":childless").map((n) => [n.id(), n.position()])); });
  graph.on("select", "node, edge", (event) => {
    const item = event.target.data("item") || event.target.id();
    const asOf = place.dataset.asOf ? "?as_of=" + encodeURIComponent(place.dataset.asOf) : "";
    htmx.ajax("GET", `/cases/${place.dataset.case}/items/${item}${asOf}`, { target: "#detail" });
  });
  place.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = graph.elements(":childless"), at = all.toArray().findIndex((each) => each.selected());
    all.unselect();
    all[(at + step + all.length) % all.length].select();
  });
  window.suasionMap = graph;
}

// Forms --------------------------------------------------------------------------------------------------

// Empty fields stay out of the address, so that it can be read and sent on.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("form.asking")) return;
  const kept = new FormData();
  for (const [key, value] of event.detail.formData) if (value !== "") kept.append(key, value);
  event.detail.formData.forEach((_, key) => event.detail.formData.delete(key));
  for (const [key, value] of kept) event.detail.formData.append(key, value);
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
