// Shows the prices for a birth date while the form is filled in, and the sum of the chosen membership.
// Without this script the first press of the button shows them.
(() => {
  const form = document.querySelector("form[data-prices]");
  if (!form) return;
  const birth = form.querySelector("#birth");
  const wait = 400;
  let timer;
  // What the server knew when it made the page; the way back fills the box with something newer.
  let asked = birth.defaultValue;

  const put = (text) => {
    const pieces = new DOMParser().parseFromString(text, "text/html");
    for (const piece of pieces.querySelectorAll("[data-into]")) {
      const place = document.getElementById(piece.dataset.into);
      if (place && place.textContent !== piece.textContent) place.textContent = piece.textContent;
    }
    for (const piece of pieces.querySelectorAll("[data-value-of]")) {
      document.getElementById(piece.dataset.valueOf).value = piece.value;
    }
  };

  const ask = async () => {
    if (birth.value === asked) return;
    asked = birth.value;
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("birth", asked);
    const mine = asked;
    try {
      const answer = await fetch(form.dataset.prices, { method: "POST", body });
      if (answer.ok && mine === asked) put(await answer.text());
    } catch {
      // Offline: the button shows the price instead.
    }
  };

  const sum = () => {
    const chosen = form.querySelector("input[name=kind]:checked");
    for (const row of form.querySelectorAll("[data-total]")) {
      row.hidden = !chosen || row.dataset.total !== chosen.value;
    }
  };

  birth.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  });
  birth.addEventListener("change", ask);
  form.addEventListener("change", (event) => {
    if (event.target.name === "kind") sum();
  });
  addEventListener("pageshow", () => {
    sum();
    ask();
  });
})();
