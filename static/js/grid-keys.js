// Keys of a table that is typed in: as in a spreadsheet. Tab is left to the browser.
const CELL = "[data-fc-cell]";
const rows = (grid) => [...grid.querySelectorAll("[data-fc-row]")];
const cells = (row) => [...row.querySelectorAll(CELL)];

function move(grid, cell, down, right) {
    const row = cell.closest("[data-fc-row]");
    const column = cells(row).indexOf(cell) + right;
    const rank = rows(grid).indexOf(row) + down;
    if (rank === rows(grid).length) grid.dispatchEvent(new CustomEvent("fc:grow"));
    const next = rank < 0 ? null : cells(rows(grid)[rank] ?? row)[column];
    if (next) {
        next.focus();
        next.select();
    }
}

// In a cell with a list, the arrows belong to the list once something is typed.
const isChoosing = (cell) => cell.list && cell.value !== cell.dataset.fcBefore;
const isAtEdge = (cell, key) => {
    const all = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    if (all) return true;
    const edge = key === "ArrowLeft" ? 0 : cell.value.length;
    return cell.selectionStart === edge && cell.selectionEnd === edge;
};

for (const grid of document.querySelectorAll("[data-fc-grid]")) {
    grid.addEventListener("focusin", (event) => {
        if (event.target.matches(CELL)) event.target.dataset.fcBefore = event.target.value;
    });
    grid.addEventListener("keydown", (event) => {
        const cell = event.target;
        if (!cell.matches(CELL) || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
        const go = (down, right) => {
            event.preventDefault();
            move(grid, cell, down, right);
        };
        if (event.key === "Enter") return go(event.shiftKey ? -1 : 1, 0);
        if (event.shiftKey) return;
        if (event.key === "Escape" && cell.value !== cell.dataset.fcBefore) {
            cell.value = cell.dataset.fcBefore;
            cell.dispatchEvent(new Event("input", { bubbles: true }));
        }
        if (event.key === "ArrowUp" && !isChoosing(cell)) return go(-1, 0);
        if (event.key === "ArrowDown" && !isChoosing(cell)) return go(1, 0);
        if (event.key === "ArrowLeft" && isAtEdge(cell, event.key)) return go(0, -1);
        if (event.key === "ArrowRight" && isAtEdge(cell, event.key)) return go(0, 1);
    });
}
