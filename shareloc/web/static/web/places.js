// Offers places under the field [data-places]: a combobox (ARIA 1.2) whose list htmx fetches.
// Without it the field is a plain one, and the page of results offers what it did not understand.
(() => {
  const input = document.querySelector("input[data-places]");
  if (!input || !window.htmx) return;

  const FEWEST = 2;
  const list = document.createElement("div");
  const status = document.createElement("div");
  list.id = "lieux-liste";
  list.className = "place-list";
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.after(list, status);
  input.parentElement.classList.add("has-places");

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("autocomplete", "off");

  let active = null;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const isOpen = () => !list.hidden;

  function activate(option) {
    active?.setAttribute("aria-selected", "false");
    active = option;
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function open() {
    const isListed = options().length > 0;
    list.hidden = !list.textContent.trim();
    input.setAttribute("aria-expanded", String(isListed));
    if (isListed) input.setAttribute("aria-controls", "lieux");
  }

  function close() {
    activate(null);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-controls");
  }

  function choose(option) {
    input.value = option.dataset.value;
    status.textContent = "";
    close();
    // Chosen, not typed: whoever follows the form's changes is told.
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function move(step) {
    const all = options();
    if (!all.length) return;
    if (!isOpen()) open();
    const at = active ? all.indexOf(active) + step : step > 0 ? 0 : all.length - 1;
    activate(all[(at + all.length) % all.length]);
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && isOpen() && active) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);

  // The field keeps the focus while one presses on an option.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });

  input.addEventListener("htmx:beforeRequest", (event) => {
    if (input.value.trim().length >= FEWEST) return;
    event.preventDefault();
    list.replaceChildren();
    close();
  });
  // After the swap the options are others: the one that was reached stays so if it is still offered, and
  // who cannot see is told how many there are.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== list) return;
    const reached = active?.dataset.value;
    activate(null);
    if (document.activeElement !== input) return;
    status.textContent = list.querySelector("[data-said]")?.dataset.said ?? "";
    open();
    const still = options().find((option) => option.dataset.value === reached);
    if (still) activate(still);
  });
})();
