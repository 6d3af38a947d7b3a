// Bank files: dropped or chosen, each sent by itself with its progress; and a page that shows work looks again by itself.
"use strict";
(() => {
  document.body.classList.add("with-script");
  const form = document.getElementById("upload");
  let busy = false;

  const look = document.querySelector("[data-reload]");
  if (look) setInterval(() => { if (!document.hidden && !busy && !(form && form.elements.files.files.length)) location.reload(); }, 5000);
  if (!form) return;

  const box = form.elements.files;
  const list = document.getElementById("sending");
  const button = form.querySelector("button");

  const line = (name) => {
    const item = document.createElement("li");
    const words = Object.assign(document.createElement("div"), { className: "sent-words" });
    const said = document.createElement("p");
    words.append(Object.assign(document.createElement("strong"), { textContent: name }), said);
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", name);
    item.append(words, bar);
    list.append(item);
    return { item, bar, said };
  };

  const send = (file) => new Promise((done) => {
    const { item, bar, said } = line(file.name);
    said.textContent = form.dataset.sending;
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.piece);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.upload.addEventListener("load", () => { bar.removeAttribute("value"); said.textContent = form.dataset.reading; });
    const failed = (words) => { bar.remove(); said.textContent = words; item.classList.add("failed"); done(null); };
    request.addEventListener("error", () => failed(form.dataset.broken));
    request.addEventListener("load", () => {
      if (request.status !== 200) { failed(request.status === 413 ? form.dataset.large : form.dataset.broken); return; }
      item.innerHTML = request.responseText;
      const what = item.querySelector("[data-file]");
      done(what ? [what.dataset.known ? "known" : "new", what.dataset.file] : null);
    });
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("files", file, file.name);
    request.send(body);
  });

  // One after the other: the second of two files that overlap is read once the first is stored.
  const sendAll = async (files) => {
    if (busy || !files.length) return;
    busy = true;
    button.disabled = true;
    list.replaceChildren();
    const there = new URL(form.dataset.list, location.href);
    let whole = true;
    for (const file of files) {
      const became = await send(file);
      if (became) there.searchParams.append(...became); else whole = false;
    }
    form.reset();
    busy = false;
    button.disabled = false;
    if (whole) location.assign(there);
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); sendAll([...box.files]); });
  const holdsFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  let inside = 0;
  document.addEventListener("dragenter", (event) => { if (holdsFiles(event)) { inside += 1; form.classList.add("over"); } });
  document.addEventListener("dragleave", (event) => { if (holdsFiles(event) && (inside -= 1) <= 0) { inside = 0; form.classList.remove("over"); } });
  document.addEventListener("dragover", (event) => { if (holdsFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    inside = 0;
    form.classList.remove("over");
    sendAll([...event.dataTransfer.files]);
  });
})();
