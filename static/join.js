// Shows prices and sums while the form is filled in, takes people on and off without a new page, and keeps what was
// written in this browser for a day. Without this script the buttons do the first two.
"use strict";
(() => {
  const day = 24 * 60 * 60 * 1000;
  const wait = 400;
  const place = (path) => `join:${path}`;
  const store = (() => { try { return window.localStorage; } catch { return null; } })();

  // Who has joined leaves nothing behind.
  const joined = document.querySelector("[data-joined]");
  if (joined) store?.removeItem(place(joined.dataset.joined));

  const form = document.querySelector("form[data-prices]");
  if (!form) return;
  const mine = place(form.getAttribute("action"));
  const unkept = /^(csrf_token|consent|step|(p\d+-)?seen)$/;
  const priced = /^(people|(p\d+-)?(birth|kind|given_name))$/;

  const fields = (wanted) => [...new FormData(form)].filter(wanted);
  const forPrices = ([name]) => priced.test(name);
  const body = (list) => {
    const made = new FormData();
    made.set("csrf_token", form.elements.csrf_token.value);
    for (const [name, value] of list) made.set(name, value);
    return made;
  };
  const post = async (address, sent) => {
    try {
      const answer = await fetch(address, { method: "POST", body: sent });
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    } catch {
      return null; // Offline: the buttons do it later.
    }
  };

  // Keeping what was written. Older drafts of any form go.
  let unsaved = false;
  const forget = () => { unsaved = false; store?.removeItem(mine); };
  const keep = () => {
    unsaved = false;
    try {
      store?.setItem(mine, JSON.stringify({ until: Date.now() + day, fields: fields(([name]) => !unkept.test(name)) }));
    } catch { /* Full, or not allowed: then nothing is kept. */ }
  };
  const kept = () => {
    for (const key of Object.keys(store ?? {})) {
      if (!key.startsWith("join:")) continue;
      try {
        if (JSON.parse(store[key]).until > Date.now()) continue;
      } catch { /* Not ours any more. */ }
      store.removeItem(key);
    }
    return store?.[mine] ? JSON.parse(store[mine]).fields : null;
  };

  // Prices and sums.
  const put = (pieces) => {
    for (const piece of pieces.querySelectorAll("[data-into]")) {
      const there = document.getElementById(piece.dataset.into);
      if (there && there.innerHTML !== piece.innerHTML) there.replaceChildren(...piece.childNodes);
    }
    for (const piece of pieces.querySelectorAll("[data-value-of]")) {
      const there = document.getElementById(piece.dataset.valueOf);
      if (there) there.value = piece.value;
    }
    for (const piece of pieces.querySelectorAll("[data-minor]")) {
      const choice = document.getElementById(`pays-${piece.dataset.minor}`);
      if (choice) choice.closest(".card").hidden = piece.value !== "";
    }
    payByAdult();
  };
  // A child cannot pay: the next one who can is chosen instead.
  const payByAdult = () => {
    const choices = [...form.querySelectorAll("[name=pays]")];
    const free = choices.find((choice) => !choice.closest(".card").hidden);
    if (choices.some((choice) => choice.checked && choice.closest(".card").hidden)) free.checked = true;
  };

  const written = (initial) => JSON.stringify([...form.elements]
    .filter((box) => priced.test(box.name) && (box.type !== "radio" || (initial ? box.defaultChecked : box.checked)))
    .map((box) => [box.name, initial ? box.defaultValue : box.value]));
  // What the server knew when it made the page; the way back fills the boxes with something newer.
  let asked = written(true);
  let timer;
  const ask = async () => {
    const now = written(false);
    if (now === asked) return;
    asked = now;
    const pieces = await post(form.dataset.prices, body(fields(forPrices)));
    if (pieces && now === asked) put(pieces);
  };

  // A person more or less: the server draws the form, and everything written comes back with it, also what was
  // written while it was on its way.
  const redraw = async (list, step) => {
    const before = new Map(fields(() => true));
    const page = await post(form.dataset.people, body([...list, ["step", step]]));
    const fresh = page?.querySelector("form[data-prices]");
    if (!fresh) return false;
    const late = step.startsWith("remove") ? [] : fields(([name, value]) => before.get(name) !== value);
    const there = document.activeElement?.id;
    const next = fresh.querySelector("[autofocus]");
    next?.removeAttribute("autofocus");
    form.replaceChildren(...fresh.childNodes);
    for (const [name, value] of late) write(name, value);
    asked = written(true);
    tell();
    (next ?? document.getElementById(there))?.focus();
    ask();
    return true;
  };
  const write = (name, value) => {
    const box = form.elements[name];
    if (box && !unkept.test(name)) box.value = value;
  };
  const tell = () => { if (store) document.getElementById("kept").hidden = false; };

  form.addEventListener("input", (event) => {
    for (const called of form.querySelectorAll("[data-called]")) {
      const box = document.getElementById(called.dataset.called);
      called.textContent = box.value.trim() || called.dataset.otherwise;
    }
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(() => { keep(); ask(); }, event.target.type === "radio" ? 0 : wait);
  });
  form.addEventListener("change", ask);
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=step]");
    if (!button) return;
    event.preventDefault();
    if (await redraw(fields(() => true), button.value)) keep(); else form.requestSubmit(button);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#empty")) { clearTimeout(timer); forget(); }
  });
  addEventListener("pageshow", ask);
  addEventListener("pagehide", () => { if (unsaved) keep(); });

  tell();
  const draft = "fresh" in form.dataset ? kept() : null;
  if (draft) redraw(draft, "draft");
})();
