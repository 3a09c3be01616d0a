// A table wider than its frame is scrolled with the keyboard too: its frame is a stop of Tab while it overflows.
const NAME = "Tableau à faire défiler";

function mark(frame) {
    const overflows = frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight;
    if (!overflows) return frame.removeAttribute("tabindex");
    frame.tabIndex = 0;
    frame.role ??= "group";
    if (!frame.ariaLabel && !frame.hasAttribute("aria-labelledby")) frame.ariaLabel = frame.querySelector("caption")?.textContent.trim() || NAME;
}

const watcher = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));

function watch() {
    for (const frame of document.querySelectorAll(".table-scroll")) {
        mark(frame);
        watcher.observe(frame);
    }
}

watch();
document.body.addEventListener("htmx:afterSettle", watch);
