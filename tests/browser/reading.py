"""What axe does not see: looked for on a page by a script, each fault a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FAULTS = r"""
() => {
  const found = [];
  const say = (what, element) => found.push(what + (element ? ": " + element.outerHTML.slice(0, 120) : ""));
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const text = (element) => (element?.textContent ?? "").trim();

  // Title, language, description
  if (!/.+ – Shareloc$/.test(document.title)) say("title says nothing of the page: " + document.title);
  if (!document.documentElement.lang) say("no language");
  if (!document.querySelector("meta[name=description]")?.content.trim()) say("no description");

  // Headings
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown);
  const first = headings.filter((heading) => heading.tagName === "H1");
  if (first.length !== 1) say(first.length + " h1");
  headings.reduce((before, heading) => {
    const level = Number(heading.tagName[1]);
    if (!text(heading)) say("empty heading", heading);
    if (level > before + 1) say("heading skips a level", heading);
    return level;
  }, 0);

  // Landmarks, and the way past the menu
  if (document.querySelectorAll("main").length !== 1) say("not one main");
  const skip = document.querySelector("a[href]");
  if (!skip?.hash || !document.querySelector(skip.hash)) say("first link does not lead to the content", skip);

  // Fields: a label of their own; a placeholder is none
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!shown(field) || ["submit", "button"].includes(field.type)) continue;
    const named = [...(field.labels ?? [])].some((label) => text(label))
      || field.getAttribute("aria-label")?.trim()
      || (field.getAttribute("aria-labelledby") ?? "").split(" ").some((id) => id && text(document.getElementById(id)));
    if (!named) say("field without label", field);
  }

  // Tables: a name, and headers that say of what
  for (const table of document.querySelectorAll("table")) {
    if (!text(table.caption) && !table.getAttribute("aria-label") && !table.getAttribute("aria-labelledby")) say("table without a name", table);
    const headers = [...table.querySelectorAll("th")];
    if (!headers.length) say("table without headers", table);
    headers.filter((header) => !["col", "row", "colgroup", "rowgroup"].includes(header.scope)).forEach((header) => say("header without scope", header));
    for (const row of table.tBodies[0]?.rows ?? []) if (!row.querySelector("th[scope=row]") && !table.tHead) say("row without header", row);
  }

  // What can be pressed is a link, a button or a field
  const pressable = "a[href], button, label, summary, input, select, textarea, option, [role=option], .leaflet-interactive, .leaflet-container";
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg, [aria-hidden=true]") || element.closest(pressable) || !shown(element)) continue;
    if (element.hasAttribute("onclick") || element.hasAttribute("tabindex") && element.tabIndex > 0) say("pressed by the mouse only", element);
    else if (getComputedStyle(element).cursor === "pointer") say("looks like something to press", element);
  }
  for (const link of document.querySelectorAll("a:not([href]), a[href='#']:not([role=button]), a[href='']:not([aria-current])")) say("link to nowhere", link);

  // Names used twice
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))].forEach((id) => say("id used twice: " + id));

  // Messages and counts are spoken
  if (!document.querySelector("[role=status], [role=alert], [aria-live]")) say("nothing would be announced");
  for (const message of document.querySelectorAll(".notice-success, .notice-warning, .notice-error, .field-error")) {
    if (message.matches(".field-error")) {
      const field = [...document.querySelectorAll("[aria-describedby]")].some((element) => element.getAttribute("aria-describedby").split(" ").includes(message.id));
      if (!field) say("error that no field speaks of", message);
    } else if (!message.closest("[role=status], [role=alert]")) say("silent message", message);
  }
  return found;
}
"""


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is shown."""
    return list(page.evaluate(FAULTS))


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def unfold(page: Page) -> None:
    """Open everything folded."""
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
