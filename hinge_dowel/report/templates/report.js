"use strict";
(() => {
  const list = document.getElementById("clips");
  const cards = Array.from(list.querySelectorAll(".clip"));
  const form = document.getElementById("filters");

  // In long reports a clip's drawings and table wait as text until it is opened.
  const fill = (details) => {
    const text = details.querySelector("script");
    if (text) text.replaceWith(document.createRange().createContextualFragment(text.textContent));
  };
  for (const card of cards) {
    const details = card.querySelector("details");
    if (details.open) fill(details);
    details.addEventListener("toggle", () => { if (details.open) fill(details); });
  }

  // The annotated clip plays in place of the picture; without this script its link opens it.
  const play = (link) => {
    const figure = link.closest(".body").querySelector(".moment");
    const [address, start] = link.getAttribute("href").split("#t=");
    for (const other of list.querySelectorAll("video")) other.pause();
    let film = figure.querySelector("video");
    if (!film) {
      film = document.createElement("video");
      film.controls = film.playsInline = true;
      film.setAttribute("aria-label", `Annotated clip of ${link.closest(".clip").dataset.name}`);
      const picture = figure.querySelector("svg");
      if (picture) film.style.aspectRatio = picture.clientWidth / picture.clientHeight;
      const back = document.createElement("button");
      back.textContent = "Back to the picture";
      back.type = "button";
      const leave = () => { film.remove(); back.remove(); figure.classList.remove("playing"); };
      back.addEventListener("click", () => { leave(); figure.querySelector("a.film").focus(); });
      film.addEventListener("error", () => {
        leave();
        const sorry = document.createElement("span");
        sorry.setAttribute("role", "alert");
        sorry.textContent = "The annotated clip cannot be played: keep the folder “videos” beside this file.";
        figure.querySelector(".watch").replaceChildren(sorry);
      });
      figure.prepend(film);
      figure.querySelector(".watch").append(back);
      figure.classList.add("playing");
      film.src = address;
    }
    film.currentTime = Number(start || 0);
    film.play().catch(() => {});
    film.focus();
  };
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a.film");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    play(link);
  });

  // On paper every clip that is shown is opened, unless that would be a book.
  const BOOK = 60;
  let opened = [];
  addEventListener("beforeprint", () => {
    const shown = cards.filter((card) => !card.hidden);
    if (shown.length > BOOK) return;
    opened = shown.map((card) => card.querySelector("details")).filter((d) => !d.open);
    for (const details of opened) { fill(details); details.open = true; }
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened = [];
  });

  // A link to a clip opens it.
  const jump = () => {
    const card = location.hash.startsWith("#clip-") && document.getElementById(location.hash.slice(1));
    if (card) { card.querySelector("details").open = true; card.scrollIntoView(); }
  };
  addEventListener("hashchange", jump);
  jump();

  if (!form) return;
  form.hidden = false;
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const all = document.getElementById("toggle-all");
  const byName = cards.slice().sort((a, b) =>
    a.dataset.name.localeCompare(b.dataset.name, undefined, { numeric: true }));

  const apply = () => {
    const want = new FormData(form);
    const status = want.get("status") || "", fault = want.get("fault") || "";
    const part = want.get("name").trim().toLowerCase();
    let count = 0;
    for (const card of cards) {
      const match = (!status || card.dataset.status === status)
        && (!fault || card.dataset.faults.split(" ").includes(fault))
        && card.dataset.name.toLowerCase().includes(part);
      card.hidden = !match;
      count += match;
    }
    nothing.hidden = count > 0;
    shown.textContent = count === cards.length
      ? `Showing all ${count} clips.` : `Showing ${count} of ${cards.length} clips.`;
  };
  const sort = () => {
    const order = form.elements.order.value === "name" ? byName : cards;
    for (const card of order) list.insertBefore(card, nothing);
  };
  form.addEventListener("input", apply);
  form.elements.order.addEventListener("change", sort);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { form.reset(); sort(); apply(); }
  });

  // Opening thousands at once would freeze the page; the first hundred are what anyone reads.
  const MOST = 100;
  all.addEventListener("click", () => {
    const open = all.getAttribute("aria-pressed") !== "true";
    let left = MOST;
    for (const card of Array.from(list.querySelectorAll(".clip"))) {
      if (!open) card.querySelector("details").open = false;
      else if (!card.hidden && left-- > 0) card.querySelector("details").open = true;
    }
    all.setAttribute("aria-pressed", String(open));
    all.textContent = open ? "Close all" : "Open all";
  });
  apply();
})();
