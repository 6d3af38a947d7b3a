// Copies what a payer types in elsewhere, and prints the page. Without this script there are no such buttons.
"use strict";
(() => {
  const says = document.getElementById("copied");
  for (const button of navigator.clipboard ? document.querySelectorAll("[data-copies]") : []) {
    const [words] = button.childNodes;
    const before = words.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copies);
      } catch {
        return; // Refused: the digits can still be marked by hand.
      }
      words.textContent = says.textContent = says.dataset.says;
      setTimeout(() => { words.textContent = before; says.textContent = ""; }, 2000);
    });
  }
  for (const button of document.querySelectorAll("[data-prints]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
