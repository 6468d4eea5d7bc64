// Runs in the reader's browser, inline in every page before its own script.
(() => {
  const themes = ["auto", "light", "dark"];
  const theme = document.getElementById("theme");
  function setTheme(name) {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    theme.textContent = `Colours: ${name}`;
  }
  theme.addEventListener("click", () => {
    const current = document.documentElement.dataset.theme ?? "auto";
    const next = themes[(themes.indexOf(current) + 1) % themes.length];
    setTheme(next);
    try {
      localStorage.setItem("switchyard-colours", next);
    } catch {
      // A file opened in a browser that keeps nothing for files: the choice lasts as long as the page.
    }
  });
  try {
    const kept = localStorage.getItem("switchyard-colours");
    if (themes.includes(kept)) setTheme(kept);
  } catch {
    // As above.
  }
})();
