// The desk's quick ways: the places stand open on wide screens, and single keys press what is on the page.
"use strict";
(() => {
  const places = document.getElementById("places");
  const wide = window.matchMedia("(min-width: 64rem)");
  const open = () => { if (places) places.open = wide.matches; };
  wide.addEventListener("change", open);
  open();

  // Single keys: off by a switch, silent in text fields and beside Ctrl, Alt and Meta.
  const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.keys !== "on" || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const box = document.querySelector(`[data-focus-key="${CSS.escape(key)}"]`);
    const pressed = box || document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!pressed || pressed.disabled) return;
    event.preventDefault();
    if (box) { box.focus(); box.select(); } else { pressed.click(); }
  });
})();
