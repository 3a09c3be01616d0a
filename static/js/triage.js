// Keys of the triage table. They act only while the focus is inside it (WCAG 2.1.4), never in a field.
const table = document.querySelector("[data-fc-triage]");
const keys = document.querySelector("[data-fc-keys]");
const start = document.querySelector("[data-fc-start]");
const all = document.querySelector("[data-fc-all]");
const lines = () => [...table.querySelectorAll("[data-fc-line]")];
let typed = false;

function step(from, by) {
    const rows = lines();
    const next = rows[rows.indexOf(from) + by];
    if (next) {
        next.focus();
        next.scrollIntoView({ block: "nearest" });
    }
}

table.addEventListener("keydown", (event) => {
    const line = event.target.closest("[data-fc-line]");
    const isField = event.target.matches("select, textarea, input:not([type=checkbox])");
    if (!line || isField || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "j" || event.key === "k") return step(line, event.key === "j" ? 1 : -1);
    if (event.key === "?") return (keys.open = !keys.open);
    if (event.key === "Enter" && event.target !== line) return;
    const button = line.querySelector(`[data-fc-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    typed = true;
    button.click();
});

// A verdict typed with a key moves on; one given with the mouse keeps its row.
table.addEventListener("htmx:afterSettle", (event) => {
    const line = document.getElementById(event.detail.elt.id);
    if (!line?.matches("[data-fc-line]")) return;
    const question = line.querySelector("[data-fc-focus]");
    if (question) question.focus();
    else if (typed && line.matches(".is-folded")) step(line, 1);
    else line.focus();
    typed = Boolean(question) && typed;
});

start.hidden = all.hidden = false;
start.addEventListener("click", () => (table.querySelector("[data-fc-line]:not(.is-seen)") ?? lines()[0]).focus());
all.addEventListener("change", () => {
    for (const tick of table.querySelectorAll("[data-fc-line] [type=checkbox]")) tick.checked = all.checked;
});
