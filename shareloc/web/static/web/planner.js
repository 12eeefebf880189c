// In the planner of a lycée: arrow keys go from cell to cell, and dragging from one free time to another of
// the same day chooses the rooms between to block. Without it every time is a link, every room a box to tick.
(() => {
  const table = document.querySelector("table.planner");
  if (!table) return;
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const cell = event.target.closest("td, th");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const next = following(cell, step);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  // The first link in the next cell that has one.
  function following(cell, [down, across]) {
    const rows = [...table.rows];
    let row = rows.indexOf(cell.parentElement) + down;
    let column = cell.cellIndex + across;
    while (rows[row]?.cells[column]) {
      const link = rows[row].cells[column].querySelector("a");
      if (link) return link;
      row += down;
      column += across;
    }
    return null;
  }

  let first = null;
  let chosen = [];

  table.addEventListener("dragstart", (event) => {
    if (event.target.closest("[data-block]")) event.preventDefault();
  });

  table.addEventListener("pointerdown", (event) => {
    first = event.pointerType === "mouse" && event.button === 0 ? event.target.closest("[data-block]") : null;
  });

  table.addEventListener("pointerover", (event) => {
    const last = event.target.closest("[data-block]");
    if (!first || !last || asked(last).get("date") !== asked(first).get("date")) return;
    mark(between(first, last));
  });

  document.addEventListener("pointerup", (event) => {
    const last = event.target.closest?.("[data-block]");
    const links = chosen;
    const from = first;
    mark([]);
    first = null;
    if (from && last && last !== from && links.length > 1) location.assign(address(links));
  });

  // The free times of that day in the rows from one to the other.
  function between(one, other) {
    const rows = [one, other].map((link) => link.closest("tr").rowIndex);
    const column = one.closest("td").cellIndex;
    const inside = [...table.rows].slice(Math.min(...rows), Math.max(...rows) + 1);
    const whole = inside.flatMap((row) => [...row.cells[column].querySelectorAll("[data-block]")]);
    const hours = [one, other].map((link) => asked(link).get("start")).sort();
    return whole.filter((link) => asked(link).get("start") >= hours[0] && asked(link).get("start") <= hours[1]);
  }

  function mark(links) {
    chosen.forEach((link) => link.classList.remove("is-chosen"));
    chosen = links;
    chosen.forEach((link) => link.classList.add("is-chosen"));
  }

  function asked(link) {
    return new URL(link.href).searchParams;
  }

  // From the earliest beginning to the latest end.
  function address(links) {
    const all = links.map(asked);
    const query = new URLSearchParams();
    new Set(all.map((one) => one.get("salle"))).forEach((room) => query.append("salle", room));
    query.set("date", all[0].get("date"));
    query.set("start", all.map((one) => one.get("start")).sort()[0]);
    query.set("end", all.map((one) => one.get("end")).sort().at(-1));
    return `${new URL(links[0].href).pathname}?${query}`;
  }
})();
