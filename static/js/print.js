// The button that prints the page; without JavaScript it stays hidden, and the browser’s own menu prints.
for (const button of document.querySelectorAll("[data-fc-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
}
