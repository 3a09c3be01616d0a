// Keys of the triage table. They act only while the focus is inside it (WCAG 2.1.4), never in a field.
const area = document.getElementById("results");
const lines = () => [...area.querySelectorAll("[data-fc-line]")];
let typed = false;

function step(from, by) {
    const rows = lines();
    const next = rows[rows.indexOf(from) + by];
    if (next) {
        next.focus();
        next.scrollIntoView({ block: "nearest" });
    }
}

function reveal() {
    for (const tool of area.querySelectorAll("[data-fc-start], [data-fc-all]")) tool.hidden = false;
}

area.addEventListener("keydown", (event) => {
    const line = event.target.closest("[data-fc-line]");
    const isField = event.target.matches("select, textarea, input:not([type=checkbox])");
    if (!line || (isField && event.key !== "Escape") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "j" || event.key === "k") return step(line, event.key === "j" ? 1 : -1);
    if (event.key === "f") {
        event.preventDefault();
        return document.getElementById("id_q").focus();
    }
    if (event.key === "?") return area.querySelector("[data-fc-keys]").toggleAttribute("open");
    if (event.key === "Enter" && event.target !== line) {
        typed = Boolean(event.target.closest(".verdict-why"));
        return;
    }
    const button = line.querySelector(`[data-fc-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    typed = true;
    button.click();
});

// A verdict typed with a key moves on; one given with the mouse keeps its row.
area.addEventListener("htmx:afterSettle", (event) => {
    reveal();
    const line = document.getElementById(event.detail.elt.id);
    if (!line?.matches("[data-fc-line]")) return;
    const question = line.querySelector("[data-fc-focus]");
    if (question) question.focus();
    else if (typed && line.matches(".is-folded")) step(line, 1);
    else line.focus();
    typed = Boolean(question) && typed;
});

area.addEventListener("click", (event) => {
    if (!event.target.closest("[data-fc-start]")) return;
    (area.querySelector("[data-fc-line]:not(.is-seen)") ?? lines()[0]).focus();
});
area.addEventListener("change", (event) => {
    if (!event.target.matches("[data-fc-all]")) return;
    for (const tick of area.querySelectorAll("[data-fc-line] [type=checkbox]")) tick.checked = event.target.checked;
});
reveal();
