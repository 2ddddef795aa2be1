// Pages work without this file. With it, days are chosen by dragging over a chart, j and k walk
// along the rows, / begins a search, and 2, 1, 0, s answer for the first of the borderline queue.
"use strict";

function typing(target) {
  return target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

const later = new Set();

function firstInQueue() {
  return [...document.querySelectorAll(".queue .card")].find((card) => !later.has(card));
}

function answer(key) {
  const card = firstInQueue();
  if (!card) return;
  if (key === "s") {
    later.add(card);
    card.hidden = true;
  } else {
    card.querySelector(`button[value="${key}"]`)?.click();
  }
}

function walk(step) {
  const links = [...document.querySelectorAll(".cards > li h3 a")];
  const place = links.indexOf(document.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, place + step))];
  next?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector('input[name="q"]')?.focus();
  } else if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if ("210s".includes(event.key)) answer(event.key);
});

for (const chart of document.querySelectorAll('svg[data-brush="1"]')) {
  const bars = [...chart.querySelectorAll("a[data-first]")];
  let from = null;
  const nearest = (x) =>
    bars.reduce((best, bar) => {
      const box = bar.getBoundingClientRect();
      const away = Math.abs(box.left + box.width / 2 - x);
      return !best || away < best.away ? { bar, away } : best;
    }, null)?.bar;
  chart.addEventListener("pointerdown", (event) => { from = event.clientX; });
  chart.addEventListener("dragstart", (event) => event.preventDefault());
  chart.addEventListener("pointerup", (event) => {
    if (from === null || Math.abs(event.clientX - from) < 12) return;
    const [one, other] = [nearest(from), nearest(event.clientX)];
    from = null;
    if (!one || !other) return;
    const days = [one.dataset.first, other.dataset.first].sort();
    const last = [one.dataset.last, other.dataset.last].sort()[1];
    const url = new URL(one.href.baseVal, location.href);
    url.searchParams.set("since", days[0]);
    url.searchParams.set("until", last);
    location.assign(url);
  });
}
