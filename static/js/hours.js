// A grid of hours: the total follows what is typed, and a column pasted from a spreadsheet fills the cells below.
const read = (text) => Number(text.replace(/[\s\u202f\u00a0h]/gi, "").replace(",", ".")) || 0;
const write = (hours) => hours.toLocaleString("fr-FR", { maximumFractionDigits: 2 });

for (const grid of document.querySelectorAll("[data-fc-hours]")) {
    const cells = [...grid.querySelectorAll(".hours-input")];
    const total = grid.querySelector("[data-fc-hours-total]");
    const count = () => {
        total.textContent = write(cells.reduce((sum, cell) => sum + Math.round(read(cell.value) * 100), 0) / 100);
    };
    grid.addEventListener("input", count);
    grid.addEventListener("paste", (event) => {
        const lines = event.clipboardData.getData("text").trim().split(/\r?\n/);
        const start = cells.indexOf(event.target);
        if (start < 0 || lines.length < 2) return;
        event.preventDefault();
        lines.slice(0, cells.length - start).forEach((line, rank) => {
            cells[start + rank].value = line.split("\t")[0].trim();
        });
        count();
    });
    count();
}
