// Runs in the reader's browser, inline in the page: no build step, no library, nothing from the network.
(() => {
  const byId = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll("tbody[data-system] tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const blocks = [...document.querySelectorAll("details[data-system]")];
  const search = byId("search");
  const status = byId("status");
  const kind = byId("kind");

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const visible =
        (status.value === "" || row.dataset.status === status.value) &&
        (kind.value === "" || row.dataset.kind === kind.value) &&
        words.every((word) => texts[index].includes(word));
      row.hidden = !visible;
      if (visible) shown++;
    });
    const filtered = words.length > 0 || status.value !== "" || kind.value !== "";
    for (const block of blocks) {
      const living = block.querySelector("tbody tr:not([hidden])") !== null;
      block.hidden = !living;
      if (filtered && living) block.open = true;
    }
    byId("count").textContent = `${shown} of ${rows.length}`;
    byId("nothing").hidden = shown > 0;
  }

  for (const control of [search, status, kind]) control.addEventListener("input", filter);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape") {
      search.value = "";
      status.value = "";
      kind.value = "";
      search.blur();
      filter();
    }
  });
  filter();
})();
