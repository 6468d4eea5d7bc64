// Runs in the reader's browser, inline in the report: no build step, no library, nothing from the network.
(() => {
  const byId = (id) => document.getElementById(id);
  // Not before somebody asks: a large report opens twice as fast.
  const onFirstUse = (make) => {
    let made;
    return () => {
      made ??= make();
      return made;
    };
  };
  const dataOf = onFirstUse(() => JSON.parse(byId("data").textContent));
  const rowsOf = onFirstUse(() => [...document.querySelectorAll(".row")]);
  const textsOf = onFirstUse(() => dataOf().urns.map((urn) => urn.toLowerCase()));
  const systems = [...document.querySelectorAll(".system")];
  const blocks = [...document.querySelectorAll(".block")];
  const systemOfBlock = new Map(blocks.map((block) => [block, block.closest(".system")]));
  const search = byId("search");
  const system = byId("system");
  const catalogue = byId("catalogue");
  const count = byId("count");
  const help = byId("help");

  function pressed(group) {
    const chosen = document.querySelectorAll(`[data-filter="${group}"][aria-pressed="true"]`);
    return new Set([...chosen].map((button) => button.value));
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const operations = pressed("op");
    const verdicts = pressed("verdict");
    const texts = textsOf();
    let shown = 0;
    let index = 0;
    const living = new Set();
    for (const block of blocks) {
      const inSystem = system.value === "" || system.value === systemOfBlock.get(block).dataset.system;
      let inBlock = 0;
      for (const row of block.children) {
        const { op, verdict } = row.dataset;
        const text = texts[index++];
        const visible =
          inSystem &&
          (operations.size === 0 || operations.has(op)) &&
          (verdicts.size === 0 || verdicts.has(verdict)) &&
          words.every((word) => text.includes(word));
        if (row.hidden === visible) row.hidden = !visible;
        if (visible) inBlock++;
      }
      if (block.hidden === inBlock > 0) block.hidden = inBlock === 0;
      // How high a block is taken to be before it is drawn.
      if (inBlock > 0 && inBlock < block.childElementCount)
        block.style.containIntrinsicBlockSize = `${inBlock * 31}px`;
      else block.style.containIntrinsicBlockSize = "";
      if (inBlock > 0) living.add(systemOfBlock.get(block));
      shown += inBlock;
    }
    for (const element of systems) element.hidden = !living.has(element);
    count.textContent = `${shown} of ${texts.length}`;
    byId("nothing").hidden = shown > 0;
  }

  // Rules and findings by the catalogue that asks for them.
  function pickRules() {
    if (!catalogue) return;
    const fits = (element) =>
      catalogue.value === "" || JSON.parse(element.dataset.catalogues).includes(catalogue.value);
    const of = [...document.querySelectorAll("[data-catalogues]")];
    for (const element of of) element.hidden = !fits(element);
    const rules = of.filter((element) => element.matches("tr"));
    byId("rule-count").textContent = `${rules.filter(fits).length} of ${rules.length}`;
    if (catalogue.value !== "") document.querySelector("details.rules").open = true;
  }

  function fill(row) {
    const data = dataOf();
    const index = rowsOf().indexOf(row);
    const passed = (data.passed[index] ?? []).map((rule) => data.rules[rule]);
    if (row.dataset.filled) return;
    row.dataset.filled = "true";
    let place = row.querySelector(".more");
    if (!place) {
      place = document.createElement("div");
      place.className = "more";
      row.append(place);
    }
    const line = (label, text) => {
      const paragraph = document.createElement("p");
      const tag = document.createElement("span");
      const value = document.createElement("code");
      tag.className = "tag";
      tag.textContent = `${label} `;
      value.textContent = text;
      paragraph.append(tag, value);
      place.append(paragraph);
    };
    line("urn", data.urns[index]);
    if (data.sources[index]) line("declared at", data.sources[index]);
    if (passed.length > 0) line(`${passed.length} passed`, passed.join(", "));
  }

  function step(by) {
    const summaries = rowsOf()
      .filter((row) => !row.hidden)
      .map((row) => row.querySelector("summary"));
    const at = summaries.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : summaries.length - 1) : at + by;
    summaries[Math.min(Math.max(next, 0), summaries.length - 1)]?.focus();
  }

  function clear() {
    search.value = "";
    system.value = "";
    for (const button of document.querySelectorAll("[data-filter]"))
      button.setAttribute("aria-pressed", "false");
    filter();
    if (catalogue) catalogue.value = "";
    pickRules();
  }

  const typing = (target) => target instanceof HTMLElement && target.matches("input, select, textarea");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.key === "Escape") {
      clear();
      if (typing(event.target)) event.target.blur();
      return;
    }
    if (typing(event.target)) return;
    const actions = {
      "/": () => search.focus(),
      j: () => step(1),
      k: () => step(-1),
      "?": () => help.showModal(),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  // `toggle` does not bubble, and one listener is cheaper than one per row.
  byId("rows").addEventListener("toggle", (event) => fill(event.target), true);
  search.addEventListener("input", filter);
  system.addEventListener("change", filter);
  catalogue?.addEventListener("change", pickRules);
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("tools").addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-filter]") : null;
    if (!button) return;
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    filter();
  });
  byId("close").addEventListener("click", () => help.close());
  byId("keys").addEventListener("click", () => help.showModal());

  // A reload may bring back what was typed.
  if (search.value !== "" || system.value !== "") filter();
  if (catalogue?.value) pickRules();
})();
