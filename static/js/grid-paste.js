// A block pasted from a spreadsheet fills the cells to the right and below, and adds the rows that it needs.
const MOST_ROWS = 300;
const CELL = "[data-fc-cell]";
const rows = (grid) => [...grid.querySelectorAll("[data-fc-row]")];
const cells = (row) => [...row.querySelectorAll(CELL)];

// Spreadsheets put a cell that holds a tab, a line break or a quote between quotes.
function read(text) {
    const block = [[""]];
    let quoted = false;
    for (const [at, sign] of [...text.replace(/\r\n?/g, "\n").replace(/\n$/, "")].entries()) {
        const line = block.at(-1);
        if (sign === '"' && (quoted || line.at(-1) === "")) {
            if (quoted && text[at + 1] === '"') line[line.length - 1] += sign;
            quoted = !quoted;
        } else if (quoted) line[line.length - 1] += sign === "\n" ? " " : sign;
        else if (sign === "\t") line.push("");
        else if (sign === "\n") block.push([""]);
        else line[line.length - 1] += sign;
    }
    return block;
}

function grow(grid) {
    const pattern = document.querySelector("[data-fc-pattern]").content.querySelector("tr").outerHTML;
    const key = `n-${crypto.getRandomValues(new Uint32Array(1))[0].toString(16)}`;
    const made = document.createElement("template");
    made.innerHTML = pattern.replaceAll("n-0", key);
    grid.querySelector("tbody").append(made.content);
}

for (const grid of document.querySelectorAll("[data-fc-grid]")) {
    grid.addEventListener("fc:grow", () => {
        if (rows(grid).length < MOST_ROWS) grow(grid);
    });
    grid.addEventListener("paste", (event) => {
        const cell = event.target.closest(CELL);
        const block = read(event.clipboardData.getData("text"));
        if (!cell || (block.length < 2 && block[0].length < 2)) return;
        event.preventDefault();
        const first = rows(grid).indexOf(cell.closest("[data-fc-row]"));
        const column = cells(rows(grid)[first]).indexOf(cell);
        block.slice(0, MOST_ROWS - first).forEach((line, rank) => {
            if (first + rank >= rows(grid).length) grow(grid);
            const row = rows(grid)[first + rank];
            line.forEach((text, shift) => {
                const target = cells(row)[column + shift];
                if (target) target.value = text.trim();
            });
            row.dispatchEvent(new CustomEvent("fc:typed", { bubbles: true }));
        });
        grid.dispatchEvent(new CustomEvent("fc:flush"));
    });
}
