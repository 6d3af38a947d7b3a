// Shows own words as they will look while somebody writes them; without it they are shown when the page loads.
"use strict";
(() => {
  const WAIT = 400;
  const place = document.getElementById("sample");
  const form = document.getElementById("words")?.form ?? document.getElementById("look-form") ?? document.getElementById("footer")?.form;
  if (!place || !form) return;
  let timer = 0;
  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    const answer = await fetch(place.dataset.preview, { method: "POST", body: new FormData(form) });
    if (mine === asked && answer.ok) place.innerHTML = await answer.text();
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => ask().catch(() => {}), WAIT); });
})();
