/* Small things that a style sheet cannot do. Runs after the page has been read. */
document.addEventListener("DOMContentLoaded", () => {
  "use strict";

  // A box that scrolls sideways must be reachable with the keyboard, and only while it scrolls:
  // a tab stop on every code block would be a nuisance.
  const boxes = [
    ["div.highlight pre", "Code, scrolls sideways"],
    [".cell_output pre", "Output, scrolls sideways"],
    [".pst-scrollable-table-container", "Table, scrolls sideways"],
    [".katex-display", "Formula, scrolls sideways"],
    ["div.math", "Formula, scrolls sideways"],
    [".bd-sidebar-primary", "Book contents"],
    [".bd-sidebar-secondary", "Page contents"],
  ];
  const mark = () => {
    for (const [selector, label] of boxes) {
      for (const box of document.querySelectorAll(selector)) {
        const style = getComputedStyle(box);
        const sideways = box.scrollWidth > box.clientWidth + 1 && style.overflowX !== "visible";
        const down = box.scrollHeight > box.clientHeight + 1 && style.overflowY !== "visible";
        if (sideways || down) {
          box.tabIndex = 0;
          // A list of contents is a landmark; a bare group may not stand outside of one.
          const contents = selector.startsWith(".bd-sidebar");
          box.setAttribute("role", contents ? "navigation" : "group");
          box.setAttribute("aria-label", label);
        } else if (box.getAttribute("aria-label") === label) {
          box.removeAttribute("tabindex");
          box.removeAttribute("role");
          box.removeAttribute("aria-label");
        }
      }
    }
  };
  mark();
  // Widths change with the window, with the late arrival of fonts and when an answer is unfolded.
  window.addEventListener("resize", mark);
  document.addEventListener("toggle", mark, true);
  if (document.fonts) document.fonts.ready.then(mark);

  // A long table can be searched: every word that is typed must stand in a row for it to stay.
  for (const table of document.querySelectorAll("table.searchable")) {
    const rows = [...table.tBodies[0].rows];
    const form = document.createElement("p");
    form.className = "table-search";
    form.innerHTML =
      '<label>Search the table <input type="search" autocomplete="off"></label> <output></output>';
    const input = form.querySelector("input");
    const told = form.querySelector("output");
    const search = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        count += !row.hidden;
      }
      told.textContent = `${count} of ${rows.length}`;
    };
    input.addEventListener("input", search);
    const box = table.closest(".pst-scrollable-table-container") || table;
    box.before(form);
    search();
  }

  // On paper nothing can be unfolded and the ground is white: open everything, take the light
  // colours, and restore both afterwards.
  const root = document.documentElement;
  let theme = root.dataset.theme;
  const folded = () => document.querySelectorAll("details:not([open])");
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    for (const box of folded()) {
      box.dataset.closed = "";
      box.open = true;
    }
  });
  window.addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    for (const box of document.querySelectorAll("details[data-closed]")) {
      box.open = false;
      delete box.dataset.closed;
    }
  });
});
