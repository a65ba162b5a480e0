// Files of a case added, taken out and put back. What taking out would do is shown before it is done.
"use strict";
const sure = part("sure");

function sayNew(words) { part("new-said").textContent = words; }
function openFile(other) {
  saved = text.value; // what was typed has been saved, or given up knowingly
  location.href = `/cases/${encodeURIComponent(name)}/edit${other ? `?file=${encodeURIComponent(other)}` : ""}`;
}
function unsaved() {
  if (text.value === saved) return false;
  sayNew(`Save or undo what you typed in ${file} first.`);
  return true;
}
function path(other) { return `/files/${other.split("/").map(encodeURIComponent).join("/")}`; }

// Asks once more; `then` is done when the answer is yes. Escape and the other button leave all as it is.
function confirmFirst(title, words, faults, yes, then) {
  part("sure-title").textContent = title;
  part("sure-said").textContent = words;
  part("sure-faults").replaceChildren(...faults.slice(0, 8).map(entry));
  part("sure-yes").textContent = yes;
  part("sure-yes").onclick = () => { sure.close(); then(); };
  sure.showModal();
}
part("sure-no").addEventListener("click", () => sure.close());

async function add(other, body) {
  const { ok, said } = await ask(path(other), "POST", body);
  if (ok) return openFile(said.name);
  if (said.code !== "K223") return sayNew(sentence(said));
  confirmFirst(`Put ${other} back?`, sentence({ message: said.message, fix: "" }), [], "Put it back all the same",
    () => add(other, { ...body, anyway: true }));
}
part("new").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = part("new-name").value.trim();
  // A browser would take these for steps up and down in the address.
  if (wanted.split("/").some((each) => /^\.*$/.test(each))) return sayNew(`A file of a case cannot be called '${wanted}'.`);
  if (!unsaved()) add(/\.[^/]*$/.test(wanted) ? wanted : `${wanted}.yaml`, { text: "" });
});
part("put-back")?.addEventListener("click", async () => {
  if (unsaved()) return;
  const [moment, ...other] = part("removed").value.split("/");
  const { ok, said } = await ask(`/versions/${encodeURIComponent(moment)}/${other.map(encodeURIComponent).join("/")}`);
  if (ok) add(other.join("/"), { text: said.text });
  else sayNew(sentence(said));
});

async function takeOut(anyway) {
  const { ok, status, said } = await ask(`${path(file)}?digest=${digest}&anyway=${anyway}`, "DELETE");
  if (ok) return openFile();
  if (status === 409 && said.theirs) return clash(said);
  sayNew(`Not removed: ${sentence(said)}`);
}
part("remove")?.addEventListener("click", async () => {
  if (unsaved()) return;
  const { ok, said } = await ask("/check", "POST", { file, text: null });
  if (!ok) return sayNew(sentence(said));
  const errors = said.diagnostics.filter((each) => each.severity === "error");
  confirmFirst(`Remove ${file}?`, said.ok
    ? `${inItems(said.changes) || "No item is lost."} What the file holds is kept and can be put back.`
    : `Without it the case cannot be used: ${said.tally}. What the file holds is kept and can be put back.`,
  errors, said.ok ? "Remove it" : "Remove it all the same", () => takeOut(!said.ok));
});
