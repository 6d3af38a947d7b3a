// The workbench: what happens changes with the choice, Enter books, the rest of a split is counted, colleagues are named.
"use strict";
(() => {
  document.body.classList.add("with-script");

  const decide = document.getElementById("decide");
  if (decide) {
    const shown = decide.elements.shown;
    const split = document.getElementById("split");
    decide.addEventListener("change", (event) => {
      if (event.target.name !== "choice") return;
      for (const said of document.querySelectorAll("#happens > p")) said.hidden = said.id !== event.target.dataset.happens;
      shown.value = event.target.value;
      const there = new URL(split.href);
      there.searchParams.set("choice", event.target.value);
      split.href = there.href;
    });
    // A second press does nothing twice, also before the first is answered.
    decide.addEventListener("submit", (event) => {
      if (decide.dataset.sent) event.preventDefault();
      decide.dataset.sent = "yes";
    });
    window.addEventListener("pageshow", () => { delete decide.dataset.sent; });
    // Enter books where nothing has the focus that Enter would press; within the choice the browser does it itself.
    document.addEventListener("keydown", (event) => {
      const free = event.target === document.body || event.target.id === "main";
      if (event.key !== "Enter" || document.body.dataset.keys !== "on" || !free) return;
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const book = document.getElementById("book");
      if (book) { event.preventDefault(); decide.requestSubmit(book); }
    });
  }

  // Minor units of what is written, as the server reads it; null for what is no amount.
  const minor = (written, places) => {
    let text = written.replace(/[\s'\u2212]/g, "");
    const grouped = /^(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)((?!\2)[.,]\d*)?$/.exec(text);
    if (places < 3 && grouped) text = grouped[1].replace(/[.,]/g, "") + (grouped[3] || "");
    if (text === "") return 0;
    const found = /^(\d{1,12})(?:[.,](\d*))?$/.exec(text);
    if (!found || (found[2] || "").length > places) return null;
    return Number(found[1] + (found[2] || "").padEnd(places, "0"));
  };

  const form = document.querySelector(".bench-split");
  if (form) {
    const places = Number(form.dataset.places);
    const rest = document.querySelector("#rest .money");
    const code = rest.querySelector("small");
    const words = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: places, maximumFractionDigits: places });
    const book = form.querySelector("[data-whole]");
    const count = () => {
      const parts = [...form.querySelectorAll("[name=amount]")].map((box) => minor(box.value, places));
      const left = parts.includes(null) ? null : Number(form.dataset.left) - parts.reduce((sum, part) => sum + part, 0);
      const said = left === null ? "–" : words.format(left / 10 ** places).replace("-", "\u2212");
      rest.replaceChildren(said, "\u00a0", code);
      rest.classList.toggle("zero", left === 0);
      book.disabled = left !== 0;
      const keep = form.querySelector("[data-rest]");
      if (keep) keep.hidden = !(left > 0);
    };
    form.addEventListener("input", count);
    count();
  }

  // While the page is looked at, colleagues see it, and it hears of them.
  const here = document.querySelector("[data-here]");
  if (here) {
    const stay = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(here.dataset.here, { method: "POST", body: new URLSearchParams({ csrf_token: decide ? decide.elements.csrf_token.value : "", seen: decide ? decide.elements.seen.value : "" }) });
        if (!answer.ok) return;
        const said = (await answer.text()).trim();
        if (here.dataset.said !== said) { here.dataset.said = said; here.innerHTML = said; }
      } catch { /* The network is away; the next look tries again. */ }
    };
    setInterval(stay, 20000);
  }
})();
