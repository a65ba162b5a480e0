// The editor of a case's files: what is typed is checked by the server, and its faults are marked at their lines.
"use strict";
const part = (id) => document.getElementById(id);
const editor = part("editor"), text = part("text"), marks = part("marks"), numbers = part("numbers");
const { case: name, file } = editor.dataset;
const readOnly = "readOnly" in editor.dataset;
const address = `/api/cases/${encodeURIComponent(name)}`;
const place = file.split("/").map(encodeURIComponent).join("/");
const SIGNS = { error: "✕", warning: "▲", info: "i" };
const WORDS = { error: "Error", warning: "Warning", info: "Remark" };
const PAUSE = 250, BRIEF = 300; // milliseconds without a key before the text is checked; that a check may take
let saved = text.value, digest = editor.dataset.digest, theirs = null, found = [], waiting;

async function ask(path, method = "GET", body = undefined) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(address + path, { method, headers, body: body && JSON.stringify(body) });
  return { ok: answer.ok, status: answer.status, said: await answer.json() };
}

// A fault in words that begin and end as a sentence does.
function sentence({ message, fix }) {
  return [message, fix].filter(Boolean).map((each) => `${each[0].toUpperCase()}${each.slice(1)}.`).join(" ");
}
function tell(words) { part("state").textContent = words; }

function element(kind, words, className = "") {
  const made = document.createElement(kind);
  made.textContent = words;
  if (className) made.className = className;
  return made;
}

// Line numbers, and marks at the lines with faults, keep pace with the text.
function number() {
  const count = text.value.split("\n").length;
  if (numbers.dataset.count === String(count)) return;
  numbers.dataset.count = count;
  numbers.firstChild?.remove();
  numbers.prepend(Array.from({ length: count }, (_, line) => line + 1).join("\n"));
}
function follow() {
  numbers.style.transform = `translateY(${-text.scrollTop}px)`;
  marks.style.transform = `translate(${-text.scrollLeft}px, ${-text.scrollTop}px)`;
}
function at(node, fault) {
  node.style.top = `calc(${fault.line - 1} * var(--row))`;
  return node;
}
function mark() {
  for (const flag of numbers.querySelectorAll(".flag")) flag.remove();
  marks.replaceChildren();
  const flagged = new Set();
  for (const fault of found.filter((each) => each.file === file)) {
    const line = at(element("span", "", `mark ${fault.severity}`), fault);
    line.style.left = `${fault.column - 1}ch`;
    line.style.width = `${Math.max(1, fault.length)}ch`;
    marks.append(line);
    if (flagged.has(fault.line)) continue; // the gravest comes first
    flagged.add(fault.line);
    const flag = at(element("span", SIGNS[fault.severity], `flag ${fault.severity}`), fault);
    flag.style.marginTop = ".5rem";
    numbers.append(flag);
  }
}

function go(fault) {
  const lines = text.value.split("\n");
  const before = lines.slice(0, fault.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const start = Math.min(before + fault.column - 1, text.value.length);
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, Math.min(start + Math.max(1, fault.length), text.value.length));
  const row = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (fault.line - 1) * row - text.clientHeight / 2);
  text.scrollLeft = Math.max(0, (fault.column - 20) * row / 2.5);
  text.closest(".desk").scrollIntoView({ block: "nearest" });
}
function inWords({ line, message, fix }) { return `Line ${line}: ${message}${fix && ` (${fix})`}.`; }
function next() {
  const here = text.value.slice(0, text.selectionEnd).split("\n").length;
  const own = found.filter((each) => each.file === file).sort((a, b) => a.line - b.line);
  const fault = own.find((each) => each.line > here) ?? own[0];
  if (!fault) return tell("There is no fault in this file.");
  go(fault);
  tell(inWords(fault));
}
function entry(fault) {
  const item = element("li", "");
  const own = fault.file === file;
  const link = element("a", `${own ? "" : `${fault.file}, `}line ${fault.line}`);
  link.href = `${own ? "" : `/cases/${encodeURIComponent(name)}/edit?file=${encodeURIComponent(fault.file)}`}#line-${fault.line}`;
  if (own) link.addEventListener("click", (event) => { event.preventDefault(); go(fault); });
  item.append(element("span", `${SIGNS[fault.severity]} ${WORDS[fault.severity]}`, `kind ${fault.severity}`), " ", link,
    `: ${fault.message} `, element("code", fault.code));
  if (fault.fix) item.append(document.createElement("br"), element("span", fault.fix, "quiet"));
  return item;
}
function list() {
  const aside = (fault) => fault.severity === "info" && fault.file !== file;
  const here = found.filter((fault) => !aside(fault)).sort((a, b) => (b.file === file) - (a.file === file));
  const rest = found.filter(aside);
  part("faults").replaceChildren(...(here.length ? here.map(entry) : [element("li", "None in this file.")]));
  part("others").replaceChildren(...rest.map(entry));
  part("others-count").textContent = `Remarks on other files: ${rest.length}`;
  part("others").parentElement.hidden = !rest.length;
}

function diff(into, lines) {
  into.replaceChildren(...lines.map((line) =>
    line.startsWith("@@") ? element("span", line, "place")
      : line.startsWith("+") ? element("ins", line)
        : line.startsWith("-") ? element("del", `−${line.slice(1)}`) : element("span", line, "same place")));
  into.hidden = !lines.length;
}
function inItems(changes) {
  return ["added", "changed", "removed"].map((how) => {
    const these = changes.filter((each) => each.how === how).map(({ noun, id }) => `${id} (${noun})`);
    return these.length ? `${how[0].toUpperCase()}${how.slice(1)}: ${these.join(", ")}.` : "";
  }).filter(Boolean).join(" ");
}
function preview({ ok, lines, changes }) {
  diff(part("lines"), lines);
  part("changes").textContent = !lines.length ? "Nothing yet."
    : !ok ? "Which items change can be told once the errors are mended."
      : inItems(changes) || "Only what no item holds, such as remarks, order or the header.";
}

// Two looks at what is typed, each at the latest text only and one at a time: at the whole case, and, where that takes
// long, first a glance at its default layer, so that faults are marked at once.
const looks = { glance: null, whole: null };
let slow = true, seen = null; // the text that was last looked at wholly
function check() {
  if (slow) looking("glance");
  return looking("whole");
}
function looking(how) { return looks[how] ??= looked(how).finally(() => { looks[how] = null; }); }
async function looked(how) {
  for (let typed = null; typed !== text.value;) {
    typed = text.value;
    try {
      await look(typed, how === "glance");
    } catch {
      tell("The workbench does not answer. Your text is still here; is it running?");
    }
  }
}
async function look(typed, glance) {
  const began = performance.now();
  const { ok, said } = await ask("/check", "POST", { file, text: typed, glance });
  if (!glance) slow = performance.now() - began > BRIEF;
  if (typed !== text.value || (glance && seen === typed)) return;
  if (!ok) return tell(sentence(said));
  found = said.diagnostics;
  mark();
  if (!glance) { seen = typed; list(); preview(said); }
  const first = found.find((each) => each.severity === "error" && each.file === file);
  if (glance && said.ok) return; // a glance finds faults, but does not find a text sound
  ready(said.ok);
  tell(`${said.tally[0].toUpperCase()}${said.tally.slice(1)}.${first ? ` ${inWords(first)}` : ""}`);
}
let sound = true;
function ready(ok = sound) {
  sound = ok;
  if (readOnly) return;
  part("anyway-label").hidden = ok;
  part("save").disabled = text.value === saved || !(ok || part("anyway").checked);
}

async function save() {
  if (readOnly || text.value === saved) return;
  const typed = text.value;
  tell("Saving …");
  try {
    const { ok, status, said } = await ask(`/files/${place}`, "PUT", { text: typed, digest, anyway: part("anyway").checked });
    if (ok) return settle(typed, said, "Saved. What it replaced is kept as an earlier version.");
    if (status === 409) return clash(said);
    tell(`Not saved: ${sentence(said)}`);
  } catch {
    tell("Not saved: the workbench does not answer. Your text is still here; is it running?");
  }
}
async function settle(typed, said, words) {
  saved = typed; digest = said.digest; theirs = null;
  part("clash").hidden = true;
  part("anyway").checked = false;
  part("earlier").hidden = !said.versions.length;
  part("versions").replaceChildren(...said.versions.map((moment) => new Option(when(moment), moment)));
  await check();
  tell(`${words} ${part("state").textContent}`);
}
function when(moment) { return `${moment.slice(0, 10)} ${moment.slice(11, 13)}:${moment.slice(13, 15)}:${moment.slice(15, 17)} UTC`; }
function clash(said) {
  theirs = said.theirs;
  part("clash-said").textContent = sentence(said);
  part("theirs").textContent = theirs.text;
  part("mine").textContent = text.value;
  diff(part("clash-lines"), said.lines);
  part("clash").hidden = false;
  part("clash").focus();
  tell(`Not done: ${said.message}.`);
}

text.addEventListener("input", () => { number(); ready(); clearTimeout(waiting); waiting = setTimeout(check, PAUSE); });
text.addEventListener("scroll", follow);
addEventListener("keydown", (event) => {
  if (event.key === "F8") { event.preventDefault(); next(); }
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(); }
});
addEventListener("beforeunload", (event) => { if (text.value !== saved) event.preventDefault(); });
part("file").addEventListener("change", (event) => event.target.form.requestSubmit());
part("save")?.addEventListener("click", save);
part("anyway")?.addEventListener("change", () => ready());
part("recall")?.addEventListener("click", async () => {
  const { ok, said } = await ask(`/versions/${encodeURIComponent(part("versions").value)}/${place}`);
  if (!ok) return tell(sentence(said));
  text.value = said.text;
  number(); ready(); await check();
  tell(`The earlier version stands in the text; it is not saved. ${part("state").textContent}`);
});
part("take-theirs").addEventListener("click", () => {
  text.value = theirs.text;
  number();
  settle(theirs.text, theirs, "Their version stands in the text.");
});
part("keep-mine").addEventListener("click", () => { digest = theirs.digest; save(); });
part("copy")?.addEventListener("click", async () => {
  const { ok, said } = await ask("/copy", "POST");
  if (ok) location.href = `/cases/${encodeURIComponent(said.case)}/edit?file=${encodeURIComponent(file)}`;
  else tell(`Not copied: ${sentence(said)}`);
});

number(); follow();
check().then(() => {
  const line = Number(location.hash.match(/^#line-(\d+)$/)?.[1]);
  if (line) go(found.find((each) => each.file === file && each.line === line) ?? { line, column: 1, length: 1 });
});
