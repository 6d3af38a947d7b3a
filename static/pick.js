// A box in which one of many is picked by name: offers what it finds while one writes (ARIA combobox with a list).
"use strict";
(() => {
  const WAIT = 150;
  for (const box of document.querySelectorAll("input[data-source]")) {
    const list = document.createElement("ul");
    list.id = `${box.id}-offers`;
    list.className = "offers";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels[0].textContent);
    box.after(list);
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) {
      box.setAttribute(name, value);
    }
    let timer = 0;
    let asked = 0;
    let at = -1;

    const close = () => { list.hidden = true; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
    const take = (offer) => { box.value = offer.dataset.words; close(); };
    const mark = (place) => {
      const offers = [...list.children];
      if (!offers.length) return;
      at = (place + offers.length) % offers.length;
      offers.forEach((offer, number) => offer.setAttribute("aria-selected", String(number === at)));
      box.setAttribute("aria-activedescendant", offers[at].id);
      offers[at].scrollIntoView({ block: "nearest" });
    };
    const show = (found) => {
      list.replaceChildren(...found.map((one, number) => {
        const offer = document.createElement("li");
        offer.id = `${list.id}-${number}`;
        offer.dataset.words = one.words;
        offer.setAttribute("role", "option");
        offer.setAttribute("aria-selected", "false");
        offer.append(one.words);
        if (one.above) { const above = document.createElement("span"); above.textContent = one.above; offer.append(above); }
        return offer;
      }));
      at = -1;
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(found.length > 0));
    };
    const ask = async () => {
      const mine = ++asked;
      const wanted = box.value.trim();
      if (!wanted) { close(); return; }
      try {
        const answer = await fetch(`${box.dataset.source}?q=${encodeURIComponent(wanted)}`, { headers: { Accept: "application/json" } });
        if (mine === asked && answer.ok && document.activeElement === box) show(await answer.json());
      } catch { close(); }
    };

    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
    box.addEventListener("blur", close);
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") mark(at + 1);
      else if (event.key === "ArrowUp") mark(at < 0 ? -1 : at - 1);
      else if (event.key === "Enter" && at >= 0) take(list.children[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const offer = event.target.closest("li");
      if (offer) take(offer);
    });
  }
})();
