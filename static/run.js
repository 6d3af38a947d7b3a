// Tells how far a run is while one looks on; without it the page reloads by itself.
"use strict";
(() => {
  const card = document.getElementById("run");
  const every = 5000;

  const watch = () => {
    const name = document.getElementById("run-name");
    const words = document.getElementById("run-words");
    const said = document.getElementById("run-said");
    const bar = card.querySelector("progress");
    let phase = name.textContent;
    let quarter = Math.max(0, Math.floor(4 * bar.position));

    const put = (place, text) => { if (place.textContent !== text) place.textContent = text; };

    // One polite announcement a quarter: more would talk over whoever listens.
    const say = (news) => {
      const now = news.total ? Math.floor((4 * news.done) / news.total) : 0;
      if (news.doing !== phase) { phase = news.doing; quarter = 0; put(said, news.doing); }
      if (now > quarter) { quarter = now; put(said, `${news.doing}: ${news.words}`); }
    };

    const show = (news) => {
      if (news.rests) { location.reload(); return; }
      say(news);
      put(name, news.doing);
      put(words, news.words);
      if (news.total) { bar.max = news.total; bar.value = news.done; } else { bar.removeAttribute("value"); }
    };

    const poll = async () => {
      try {
        const answer = await fetch(card.dataset.poll, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) { location.reload(); return; }
        const news = await answer.json();
        show(news);
        if (news.rests) return;
      } catch {
        // The network is away for a moment: ask again.
      }
      setTimeout(poll, every);
    };

    const events = new EventSource(card.dataset.live);
    const heard = (event) => show(JSON.parse(event.data));
    events.addEventListener("news", heard);
    events.addEventListener("last", (event) => { events.close(); heard(event); });
    events.addEventListener("error", () => {
      // A stream that ended is asked for again by the browser; one that was refused is not.
      if (events.readyState === EventSource.CLOSED) setTimeout(poll, every);
    });
    addEventListener("pagehide", () => events.close());
  };

  if (card && card.dataset.live) watch();
})();
