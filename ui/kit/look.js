// On a phone the menu lies over the page: it closes when one of its links is followed. Streamlit keeps it open.
if (!window.benchcredMenu) {
  window.benchcredMenu = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest('[data-testid="stSidebar"] [data-testid="stPageLink"] a');
    if (link && window.innerWidth <= 768) {
      setTimeout(() => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click(), 50);
    }
  });
}
