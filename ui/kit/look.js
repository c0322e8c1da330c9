// A part that scrolls can be reached without a mouse, also while nothing in it can.
document.querySelector('[data-testid="stSidebarContent"]')?.setAttribute("tabindex", "0");
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
if (!window.benchcredCharts) {
  window.benchcredCharts = true;
  const CAMERA = '.modebar-btn[data-title^="Download"]';
  // Marks of chart texts, spelt so that Streamlit's cleaner of HTML takes none of them for an element and drops this script.
  const BOLD = "\u003Cb>", END = "\u003C/b>", BREAK = "\u003Cbr>";
  const page = () => getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor;

  // A dot with an address opens it. On a screen without a mouse the first touch shows the box, the second one opens.
  let touched = "";
  const opened = (event) => {
    const to = event.points?.flatMap((point) => point.customdata).find((data) => /^(models|benchmarks|families)\?/.test(data));
    if (!to) return;
    if (matchMedia("(hover: none)").matches && touched !== to) touched = to;
    else location.assign(new URL(to, location.href));
  };
  document.addEventListener("pointerover", (event) => {
    const chart = event.target.closest?.(".js-plotly-plot");
    if (!chart || !chart._ev) return;
    if (!chart._ev.benchcred) {
      chart._ev.benchcred = true;
      chart.on("plotly_click", opened);
    }
    const camera = chart.querySelector(CAMERA);
    if (camera && !chart.querySelector(".benchcred-svg")) {
      const drawing = camera.cloneNode(true);
      drawing.classList.add("benchcred-svg");
      drawing.dataset.title = "Drawing (SVG) with title and source";
      drawing.style.transform = "scale(0.8)";
      camera.dataset.title = "Download picture (PNG) with title and source";
      camera.after(drawing);
    }
  });

  // The picture of a chart says what it shows and where it is from: title and source stand outside the chart on the page.
  const inLines = (text, width) => {
    const lines = [""];
    for (const word of text.split(" ")) {
      if (lines.at(-1) && lines.at(-1).length + word.length >= width) lines.push("");
      lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
    }
    return lines;
  };
  const dressed = (chart, format) => {
    const { layout } = chart, told = layout.meta;
    if (!told?.title) return;
    const kept = { title: layout.title, margin: layout.margin, height: layout.height, ground: layout.paper_bgcolor };
    const wide = chart.getBoundingClientRect().width;
    const lines = inLines(told.title, wide / 8.2), source = inLines(`${told.source} · ${location.host}`, wide / 6.5);
    const more = 22 * lines.length + 17 * source.length + 14;
    layout.title = {
      text: lines.map((line) => `${BOLD}${line}${END}`).join(BREAK), font: { size: 15 }, x: 0.01, xanchor: "left", y: 1, yref: "container",
      yanchor: "top", pad: { t: 10 }, subtitle: { text: source.join(BREAK), font: { size: 12 } },
    };
    layout.margin = { ...layout.margin, t: (layout.margin?.t || 30) + more };
    layout.height = chart._fullLayout.height + more;
    layout.paper_bgcolor = page();
    chart._context.toImageButtonOptions = { format, filename: told.file, width: wide, height: layout.height, scale: format === "png" ? 2 : 1 };
    // Plotly copies the layout while it handles the click, so the chart on the page never shows any of this.
    setTimeout(() => {
      layout.title = kept.title;
      layout.margin = kept.margin;
      layout.height = kept.height;
      layout.paper_bgcolor = kept.ground;
    });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".js-plotly-plot .modebar-btn");
    const chart = button?.closest(".js-plotly-plot");
    const camera = chart?.querySelector(CAMERA);
    if (!chart || (button !== camera && !button.classList.contains("benchcred-svg"))) return;
    if (button === camera) {
      if (event.isTrusted) dressed(chart, "png");
      return;
    }
    event.stopPropagation();
    dressed(chart, "svg");
    camera.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  }, true);
}
