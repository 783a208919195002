"use strict";
(() => {
  const list = document.getElementById("clips");
  const cards = Array.from(list.querySelectorAll(".clip"));
  const form = document.getElementById("filters");

  const ROLES = {
    table: "table", "thead, tbody": "rowgroup", tr: "row", td: "cell",
    "thead th": "columnheader", "tbody th": "rowheader",
  };

  // In long reports a clip's drawings and table wait as text until it is opened.
  const fill = (details) => {
    const text = details.querySelector("script");
    if (text) text.replaceWith(document.createRange().createContextualFragment(text.textContent));
    // On a phone the rows are laid out as grids, which would no longer be a table to be read out.
    for (const [part, role] of Object.entries(ROLES))
      for (const found of details.querySelectorAll(part)) found.setAttribute("role", role);
    const curves = details.querySelector(".curves");
    if (curves && !curves.at) ready(curves);
  };

  // -- the cursor on the curves ------------------------------------------------------------------

  // The points of a panel's line, from the steps of its path; pieces end where nothing was seen.
  const pieces = (path) => {
    let x = 0, y = 0;
    return path.getAttribute("d").split("m").slice(1).map((piece) => {
      const steps = piece.split(" ").map(Number), points = [];
      for (let i = 0; i < steps.length; i += 2) points.push([x += steps[i], y += steps[i + 1]]);
      return points;
    });
  };
  const height = (lines, x) => {
    for (const points of lines) {
      const next = points.findIndex((point) => point[0] >= x);
      if (next < 0 || points[0][0] > x) continue;
      const [b, a] = [points[next], points[Math.max(next - 1, 0)]];
      return b[0] === a[0] ? b[1] : a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
    }
    return NaN;
  };
  const STEP_S = 0.1, LEAP_S = 1;

  // Makes the curves a slider over time; `at(seconds)` moves it, and the film unless told not to.
  const ready = (curves) => {
    const [begin, span, wide] = ["begin", "span", "wide"].map((name) => Number(curves.dataset[name]));
    const body = curves.closest(".body"), readout = body.querySelector(".readout");
    const panels = Array.from(curves.querySelectorAll(".panel"), (panel) => ({
      word: panel.dataset.word, high: Number(panel.dataset.high), step: Number(panel.dataset.step),
      lines: pieces(panel.querySelector(".trace")),
    }));
    const head = document.createElement("div");
    head.className = "playhead";
    head.hidden = true;
    curves.append(head);
    curves.tabIndex = 0;
    const set = (name, value) => curves.setAttribute(name, value);
    set("role", "slider");
    set("aria-label", "Time in the clip");
    set("aria-valuemin", begin.toFixed(2));
    set("aria-valuemax", (begin + span).toFixed(2));
    set("aria-valuenow", begin.toFixed(2));
    set("aria-valuetext", `${begin.toFixed(1)} s`);
    let now = begin;
    curves.at = (seconds, film = body.querySelector("video")) => {
      now = Math.min(Math.max(seconds, begin), begin + span);
      const share = (now - begin) / span;
      const angles = panels.map(({ word, high, step, lines }) => {
        const angle = Math.round(high - height(lines, share * wide) * step) + 0;
        return `${word} ${Number.isNaN(angle) ? "?" : `${angle}°`}`.replace("-", "\u2212");
      });
      const said = `${now.toFixed(1)} s: ${angles.join(", ")}`;
      head.hidden = readout.hidden = false;
      head.style.left = `${share * 100}%`;
      readout.textContent = said;
      set("aria-valuenow", now.toFixed(2));
      set("aria-valuetext", said);
      if (film && Math.abs(film.currentTime - now) > 0.02) film.currentTime = now;
    };
    const pointed = (event) => {
      const box = curves.getBoundingClientRect();
      return begin + span * (event.clientX - box.left) / box.width;
    };
    curves.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      curves.setPointerCapture(event.pointerId);
      curves.at(pointed(event));
    });
    curves.addEventListener("pointermove", (event) => {
      if (curves.hasPointerCapture(event.pointerId)) curves.at(pointed(event));
    });
    curves.addEventListener("keydown", (event) => {
      const to = {
        ArrowLeft: now - STEP_S, ArrowDown: now - STEP_S, ArrowRight: now + STEP_S,
        ArrowUp: now + STEP_S, PageDown: now - LEAP_S, PageUp: now + LEAP_S,
        Home: begin, End: begin + span,
      }[event.key];
      const film = body.querySelector("video");
      if (to !== undefined) curves.at(to);
      else if (event.key === " " && film) film.paused ? film.play() : film.pause();
      else return;
      event.preventDefault();
    });
    for (const shot of body.querySelectorAll(".shot"))
      shot.addEventListener("click", () => curves.at(Number(shot.dataset.at)));
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
      // The cursor goes with the film, picture by picture while it plays.
      const curves = link.closest(".body").querySelector(".curves");
      const follow = () => { if (curves && curves.at) curves.at(film.currentTime, null); };
      const run = () => { follow(); if (!film.paused && film.isConnected) requestAnimationFrame(run); };
      film.addEventListener("play", run);
      for (const news of ["seeked", "timeupdate"]) film.addEventListener(news, follow);
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
  // A clip is made as small as it takes to fit one page: what remains of A4 and of Letter alike
  // within margins of a centimetre.
  const PAGE_MM = [190, 254], LEAST_ZOOM = 0.35;
  const fit = (shown) => {
    const [paper, narrow] = ["paper", "narrow"].map((id) => document.getElementById(id));
    const root = document.documentElement;
    const [wide, high] = PAGE_MM.map((mm) => mm * 96 / 25.4);
    paper.media = "all";
    narrow.media = "not all";
    root.style.width = `${wide}px`;
    for (const card of shown) {
      const body = card.querySelector(".body");
      const before = cards.length > 1 ? 0 : card.getBoundingClientRect().top + scrollY
        + document.querySelector("footer").getBoundingClientRect().height;
      let zoom = 1;
      const over = () => card.getBoundingClientRect().height + before > high;
      while (body && over() && zoom > LEAST_ZOOM) body.style.zoom = zoom -= 0.05;
    }
    root.style.width = "";
    paper.media = "print";
    narrow.media = "screen";
  };
  let opened = [];
  addEventListener("beforeprint", () => {
    const shown = cards.filter((card) => !card.hidden);
    if (shown.length > BOOK) return;
    opened = shown.map((card) => card.querySelector("details")).filter((d) => !d.open);
    for (const details of opened) { fill(details); details.open = true; }
    fit(shown);
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    for (const body of list.querySelectorAll(".body")) body.style.zoom = "";
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
