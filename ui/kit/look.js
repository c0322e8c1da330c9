if (!window.benchcredMenu) {
  window.benchcredMenu = true;
  // On a phone the menu lies over the page: it closes when one of its links is followed. Streamlit keeps it open.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('[data-testid="stSidebar"] [data-testid="stPageLink"] a');
    if (link && window.innerWidth <= 768) {
      setTimeout(() => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click(), 50);
    }
  });
  // The slash key goes to the box that finds anything, as on many sites; not while somebody writes elsewhere.
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest("input, textarea, select, [contenteditable]");
    const box = document.querySelector('[data-testid="stSidebar"] input[aria-label="Find anything"]');
    if (event.key === "/" && !writes && !event.ctrlKey && !event.metaKey && !event.altKey && box) {
      event.preventDefault();
      box.focus();
    }
  });
}
