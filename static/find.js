// Finds groups while one types: the list comes from the very page that the button would load.
// Without this script the button does it.
"use strict";
(() => {
  const form = document.querySelector("form[data-finds]");
  if (!form) return;
  const box = form.elements.q;
  const list = document.getElementById(form.dataset.finds);
  const says = document.getElementById("found-says");
  const wait = 200;
  let timer;
  let shown = box.defaultValue.trim();
  let asking;

  const put = (text, wanted) => {
    const found = new DOMParser().parseFromString(text, "text/html").getElementById(list.id);
    if (!found) return;
    // The page does not jump below: a list that grows shorter leaves its room.
    list.style.minHeight = `${list.getBoundingClientRect().height}px`;
    list.replaceChildren(...found.childNodes);
    says.textContent = list.querySelector("[data-says]")?.textContent ?? "";
    shown = wanted;
    history.replaceState(null, "", wanted ? `?q=${encodeURIComponent(wanted)}` : location.pathname);
  };

  const ask = async () => {
    const wanted = box.value.trim();
    if (wanted === shown) return;
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.action}?q=${encodeURIComponent(wanted)}`, { signal: asking.signal });
      if (answer.ok && wanted === box.value.trim()) put(await answer.text(), wanted);
    } catch {
      // Overtaken by the next letter, or offline: the list stays, and the button still works.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  });
  // The way back fills the box with what was typed.
  addEventListener("pageshow", ask);
})();
