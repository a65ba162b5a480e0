// The map of actors and ties: the strongest ties first, names beside each other, for mouse, fingers and keys.
"use strict";

const NARROW = matchMedia("(max-width: 40rem)"), FINGERS = matchMedia("(pointer: coarse)"), DARK = matchMedia("(prefers-color-scheme: dark)");
const SIDES = [[0, 1], [0, -1], [1, 0], [-1, 0]]; // where a name may stand: below, above, right, left
const MARGIN = 6; // pixels between an actor and its name
const EVEN = 0.5; // how far crowded actors are moved apart: 0 leaves them as they lie, 1 spaces them evenly
let places = {}; // where the reader put actors, so that they stay there from month to month
let all = false; // whether weak ties are shown too

function ink(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

function elements(map) {
  const nodes = map.actors.map((each) => ({ data: each }));
  const ties = map.ties.map((each) => ({
    data: { id: "tie:" + each.tie, item: each.tie, source: each.giver, target: each.receiver, weight: each.leverage, colour: each.colour, name: each.text, resource: each.resource },
  }));
  const parts = map.parts.map(([part, whole]) => ({ data: { id: `part:${part}`, source: part, target: whole }, classes: "part", selectable: false }));
  return [...nodes, ...parts, ...ties];
}

// Lengths are pixels of the screen when the whole map is seen; `unit` is such a pixel on the map.
function looks(unit) {
  const words = NARROW.matches ? 11 : 13, dot = (NARROW.matches ? 12 : 16) * unit, widest = (NARROW.matches ? 7 : 11) * unit;
  const text = { color: ink("--ink"), "text-outline-color": ink("--paper"), "text-outline-width": 2.5 * unit, "font-size": words * unit };
  return [
    { selector: "node", style: { label: "data(name)", "background-color": ink("--quiet"), ...text, "text-wrap": "wrap", "text-max-width": 8 * words * unit, "text-valign": "bottom", "text-margin-y": MARGIN * unit, width: dot, height: dot } },
    { selector: "edge[colour]", style: { width: `mapData(weight, 0, 0.6, ${0.7 * unit}, ${widest})`, "line-color": "data(colour)", "line-opacity": 0.75, "target-arrow-color": "data(colour)", "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier", "control-point-step-size": 30 * unit } },
    { selector: ".part", style: { width: 1.2 * unit, "line-style": "dashed", "line-color": ink("--quiet"), "target-arrow-shape": "none", events: "no" } },
    { selector: ".weak", style: { display: "none" } },
    { selector: "node:selected", style: { "background-color": ink("--mark"), "border-width": 3 * unit, "border-color": ink("--ink") } },
    { selector: "edge:selected", style: { "line-opacity": 1, "underlay-color": ink("--mark"), "underlay-opacity": 0.5, "underlay-padding": 6 * unit, "z-index": 9 } },
  ];
}

// The weaker half of many ties hides until it is asked for; an actor without a tie left hides with them.
function choose(graph, button) {
  const ties = graph.edges("[item]").sort((a, b) => b.data("weight") - a.data("weight")), most = NARROW.matches ? 8 : 16;
  const few = ties.length <= most + 2;
  graph.elements().removeClass("weak");
  if (!few && !all) {
    ties.slice(most).addClass("weak");
    const seen = ties.slice(0, most).connectedNodes();
    graph.nodes().not(seen).addClass("weak");
  }
  button.hidden = few;
  button.textContent = all ? `Show the ${most} strongest ties` : `Show all ${ties.length} ties`;
}

// Actors that are seen fill the map as it is shaped; a crowd in its middle is eased by rank.
function settle(graph) {
  const seen = graph.nodes(":visible"), high = Math.min(1200, Math.max(560, (900 * graph.height()) / graph.width()));
  for (const [axis, long] of [["x", 900], ["y", high]]) {
    const order = seen.sort((a, b) => a.data(axis) - b.data(axis)), [low, top] = [order.first(), order.last()].map((each) => each?.data(axis) ?? 0);
    order.forEach((node, rank) => {
      const even = rank / Math.max(1, order.length - 1), own = (node.data(axis) - low) / (top - low || 1);
      node.position(axis, places[node.id()]?.[axis] ?? long * (EVEN * even + (1 - EVEN) * own));
    });
  }
}

function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length > most && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
function overlap(a, b) {
  return Math.max(0, Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1)) * Math.max(0, Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1));
}
function around({ x, y }, wide, high) { return { x1: x - wide / 2, x2: x + wide / 2, y1: y - high / 2, y2: y + high / 2 }; }

// Each name stands on that side of its actor where it covers least; the most tied actors choose first.
function label(graph, unit) {
  const seen = graph.nodes(":visible").sort((a, b) => b.degree() - a.degree());
  const size = parseFloat(seen[0]?.style("font-size")), dot = parseFloat(seen[0]?.style("width"));
  const taken = seen.map((node) => around(node.position(), dot, dot));
  const lines = graph.edges(":visible").map((edge) => [edge.sourceEndpoint(), edge.targetEndpoint()]);
  seen.forEach((node) => {
    const rows = wrapped(node.data("name"), 15), wide = 0.55 * size * Math.max(...rows.map((row) => row.length)), high = 1.15 * size * rows.length;
    const gap = dot / 2 + MARGIN * unit, { x, y } = node.position();
    const boxes = SIDES.map(([right, down]) => around({ x: x + right * (gap + wide / 2), y: y + down * (gap + high / 2) }, wide, high));
    const cost = boxes.map((box, at) => 0.02 * at * size * size + taken.reduce((sum, other) => sum + overlap(box, other), 0)
      + lines.reduce((sum, line) => sum + 0.5 * size * crossing(line, box), 0));
    const best = cost.indexOf(Math.min(...cost)), [right, down] = SIDES[best];
    taken.push(boxes[best]);
    node.style({
      "text-valign": ["top", "center", "bottom"][down + 1], "text-halign": ["left", "center", "right"][right + 1],
      "text-margin-y": down * MARGIN * unit, "text-margin-x": right * MARGIN * unit,
    });
  });
}
// How much of a line lies under a box, told at twenty points.
function crossing([from, to], box) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  let inside = 0;
  for (let part = 0.5; part < 20; part += 1) {
    const x = from.x + ((to.x - from.x) * part) / 20, y = from.y + ((to.y - from.y) * part) / 20;
    if (x > box.x1 && x < box.x2 && y > box.y1 && y < box.y2) inside += length / 20;
  }
  return inside;
}

function whole(graph) {
  settle(graph);
  graph.fit(graph.elements(":visible"), 12);
  for (let turn = 0; turn < 3; turn += 1) { // names take room, which changes how much is seen
    const unit = 1 / graph.zoom();
    graph.nodes().removeStyle();
    graph.style(looks(unit));
    label(graph, unit);
    graph.fit(graph.elements(":visible"), 12);
  }
  fingers(graph, false);
}
// A finger scrolls the page; only a map that was made larger is moved by it.
function fingers(graph, larger) {
  graph.userPanningEnabled(larger || !FINGERS.matches);
  graph.container().style.touchAction = larger ? "none" : "";
}
function larger(graph, by) {
  graph.zoom({ level: graph.zoom() * by, renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } });
  fingers(graph, true);
}

function told(chosen) {
  if (chosen.isNode()) {
    const ties = chosen.connectedEdges("[item]:visible").length;
    return `${chosen.data("name")}: ${ties} tie${ties === 1 ? "" : "s"} shown.`;
  }
  const [giver, receiver] = [chosen.source(), chosen.target()].map((each) => each.data("name"));
  return `${chosen.data("name")}: ${giver} to ${receiver}, ${chosen.data("resource").replaceAll("_", " ")}, leverage ${chosen.data("weight").toFixed(2)}.`;
}

function drawMap(root) {
  const place = root.querySelector("#graph") || document.getElementById("graph");
  if (!place || place.dataset.drawn) return;
  place.dataset.drawn = "yes";
  const part = (id) => document.getElementById(id), said = part("chosen"), more = part("map-more");
  const graph = cytoscape({
    container: place, elements: elements(JSON.parse(part("graph-data").textContent)), style: looks(1),
    maxZoom: 4, minZoom: 0.1, userZoomingEnabled: false, autoungrabify: FINGERS.matches, layout: { name: "preset", padding: 12 },
  });
  choose(graph, more);
  whole(graph);
  let waiting;
  graph.on("select", "node, edge", ({ target }) => {
    const more = document.createElement("a");
    more.href = "#detail";
    more.textContent = "What it says and rests on";
    said.replaceChildren(`${told(target)} `, more);
    const asOf = place.dataset.asOf ? "?as_of=" + encodeURIComponent(place.dataset.asOf) : "";
    clearTimeout(waiting); // whoever walks through with the keys asks for the last one only
    waiting = setTimeout(() => htmx.ajax("GET", `/cases/${place.dataset.case}/items/${target.data("item") || target.id()}${asOf}`, { target: "#detail" }), 120);
  });
  function letGo() {
    clearTimeout(waiting);
    graph.elements().unselect();
    said.textContent = "Nothing chosen.";
    part("detail").replaceChildren();
  }
  // Up and down go from actor to actor, right and left through the ties of the one chosen.
  function walk(step, ties) {
    const chosen = graph.elements(":selected"), node = chosen.nodes()[0] ?? graph.getElementById(chosen.data("from") ?? "")[0];
    const among = ties && node ? node.connectedEdges("[item]:visible") : graph.nodes(":visible");
    if (!among.length) return;
    const at = among.toArray().findIndex((each) => each.same(ties ? chosen[0] ?? graph : node ?? graph));
    const next = among[at < 0 ? (step > 0 ? 0 : among.length - 1) : (at + step + among.length) % among.length];
    if (ties && node) next.data("from", node.id());
    graph.elements().unselect();
    next.select();
  }
  place.addEventListener("keydown", (event) => {
    const does = {
      ArrowDown: () => walk(1, false), ArrowUp: () => walk(-1, false), ArrowRight: () => walk(1, true), ArrowLeft: () => walk(-1, true),
      "+": () => larger(graph, 1.3), "-": () => larger(graph, 1 / 1.3), 0: () => whole(graph), Escape: letGo, Enter: () => part("detail").focus(),
    }[event.key];
    if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    does();
  });
  part("map-in").addEventListener("click", () => larger(graph, 1.3));
  part("map-out").addEventListener("click", () => larger(graph, 1 / 1.3));
  part("map-whole").addEventListener("click", () => whole(graph));
  more.addEventListener("click", () => { all = !all; choose(graph, more); whole(graph); });
  // What unfolds above the map moves it, and nothing tells Cytoscape where it is now.
  for (const kind of ["pointerenter", "pointerdown"]) place.addEventListener(kind, () => graph.resize(), true);
  graph.on("dragfree", "node", ({ target }) => { places[target.id()] = { ...target.position() }; label(graph, 1 / graph.zoom()); });
  let size = [place.clientWidth, place.clientHeight].join();
  new ResizeObserver(() => { // a phone turned on its side; an unchanged map stays as its reader left it
    const now = [place.clientWidth, place.clientHeight].join();
    if (now === size || !place.isConnected) return;
    size = now;
    graph.resize();
    choose(graph, more);
    whole(graph);
  }).observe(place);
  DARK.addEventListener("change", () => { if (place.isConnected) whole(graph); });
  window.suasionMap = graph;
}

if (window.htmx) htmx.onLoad(drawMap);
